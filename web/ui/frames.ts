// One redraw for all that happens between two pictures of the screen: two hundred sites may change at
// once. A hidden page has no such pictures; it is redrawn now and then.

const HIDDEN_MS = 250;

export class Frames {
  private asked = false;

  constructor(private readonly draw: () => void) {}

  ask(): void {
    if (this.asked) return;
    this.asked = true;
    const call = () => {
      if (!this.asked) return;
      this.asked = false;
      this.draw();
    };
    if (!document.hidden) requestAnimationFrame(call);
    setTimeout(call, HIDDEN_MS); // hidden since, or always
  }
}

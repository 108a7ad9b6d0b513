// A site that is drawn from a list to a pane, or within the queue.

const TYPE = 'application/x-diemcau-site';

export function dragSite(event: DragEvent, site: string): void {
  event.dataTransfer?.setData(TYPE, site);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copyMove';
}

/** Whether it is a site that hangs over the element: then it may be let go here. */
export function overSite(event: DragEvent): boolean {
  if (!event.dataTransfer?.types.includes(TYPE)) return false;
  event.preventDefault();
  return true;
}

export function droppedSite(event: DragEvent): string | null {
  const site = event.dataTransfer?.getData(TYPE) ?? '';
  if (site === '') return null;
  event.preventDefault();
  return site;
}

// Runs in a browser page of its own and stands in for the bridge's media: a drawn grid with names and
// a soft tone, sent to whoever offers.

const NAMES = [
  'UBND tỉnh Hà Giang',
  'xã Đồng Văn',
  'xã Lũng Cú',
  'xã Mèo Vạc',
  'xã Yên Minh',
  'xã Quản Bạ',
  'xã Hoàng Su Phì',
  'xã Xín Mần',
  'xã Bắc Mê',
];
const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
const context = canvas.getContext('2d');
let frame = 0;

let wall = false;

/** Shows all sites at once, or the scene. */
globalThis.showWall = (on) => {
  wall = on;
  Object.assign(canvas, on ? { width: 1920, height: 1080 } : { width: 1280, height: 720 });
  picture.getVideoTracks()[0].contentHint = on ? 'detail' : ''; // as large as it is drawn
};

function tile(index, x, y, width, height) {
  const hue = 205 + index * 9;
  context.fillStyle = `hsl(${hue} 32% ${26 + (index % 3) * 6}%)`;
  context.fillRect(x, y, width - 4, height - 4);
  // A person at a desk.
  const sway = Math.sin(frame / 12 + index) * 4;
  context.fillStyle = `hsl(${hue} 24% 66%)`;
  context.beginPath();
  context.arc(x + width / 2 + sway, y + height * 0.42, height * 0.15, 0, 7);
  context.fill();
  context.beginPath();
  context.ellipse(x + width / 2 + sway / 2, y + height * 0.92, width * 0.24, height * 0.34, 0, Math.PI, 0);
  context.fill();
  context.fillStyle = '#000a';
  const strip = Math.min(36, Math.max(16, height / 10));
  context.fillRect(x, y + height - 4 - strip, width - 4, strip);
  context.fillStyle = '#fff';
  context.font = `${strip * 0.62}px sans-serif`;
  context.fillText(NAMES[index % NAMES.length], x + strip / 3, y + height - 4 - strip * 0.3);
}

setInterval(() => {
  frame++;
  if (wall && frame % 5 > 0) return; // so many tiles are work
  context.fillStyle = '#081423';
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (wall) {
    for (let index = 0; index < 209; index++) tile(index, (index % 15) * 128, Math.floor(index / 15) * 77, 128, 77);
    return;
  }
  for (let index = 0; index < 9; index++) tile(index, (index % 3) * 427, Math.floor(index / 3) * 240, 427, 240);
}, 40);

const audio = new AudioContext();
const output = audio.createMediaStreamDestination();
const tone = audio.createOscillator();
tone.frequency.value = 440;
tone.connect(output);
tone.start();
const picture = canvas.captureStream(25);
const peers = new Set();

globalThis.answerOffer = async (sdp) => {
  const peer = new RTCPeerConnection();
  peers.add(peer);
  await peer.setRemoteDescription({ type: 'offer', sdp });
  const stream = new MediaStream([...picture.getTracks(), ...output.stream.getTracks()]);
  if (received(peer)) screen.srcObject = new MediaStream([received(peer)]);
  for (const transceiver of peer.getTransceivers()) {
    const kind = transceiver.receiver.track.kind;
    if (transceiver.receiver.track === received(peer)) continue; // it only comes
    transceiver.direction = 'sendrecv';
    transceiver.sender.setStreams(stream);
    await transceiver.sender.replaceTrack(stream.getTracks().find((track) => track.kind === kind));
  }
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete') await new Promise((done) => setTimeout(done, 20));
  return peer.localDescription.sdp;
};

/** Of the second picture that somebody sends; 0: there is none. */
globalThis.screenWidth = () => screen.videoWidth;
const screen = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
const received = (peer) => peer.getTransceivers().filter(({ receiver }) => receiver.track.kind === 'video')[1]?.receiver.track;

/** All media ends without a word. */
globalThis.dropAll = () => {
  for (const peer of peers) peer.close();
  peers.clear();
};

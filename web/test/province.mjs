// A province for the fake bridge: 209 sites in districts, in all states, some with their hands up.

import { MEETING } from './fake-bridge.mjs';

const DISTRICTS = ['Đồng Văn', 'Mèo Vạc', 'Yên Minh', 'Quản Bạ', 'Vị Xuyên', 'Bắc Mê', 'Hoàng Su Phì', 'Xín Mần', 'Bắc Quang', 'Quang Bình'];
const COMMUNES = ['Lũng Cú', 'Sà Phìn', 'Phố Cáo', 'Thài Phìn Tủng', 'Má Lé', 'Sủng Là', 'Vần Chải', 'Lũng Táo', 'Tả Phìn', 'Sính Lủng', 'Hố Quáng Phìn', 'Lũng Phìn', 'Sủng Trái', 'Phố Là', 'Lũng Thầu', 'Sảng Tủng', 'Tả Lủng', 'Ma Lé', 'Niêm Sơn', 'Khâu Vai'];

export const CHAIR = { site: 'ubnd-tinh', name: 'UBND tỉnh Hà Giang', role: 'chair', title: 'Giao ban tháng 11' };

export function roster(n = 209) {
  const list = [{ site: CHAIR.site, name: CHAIR.name, level: 1, parent: '', phone: '0219 386 6888', email: '', role: 'chair' }];
  DISTRICTS.forEach((name, index) => list.push({ site: `huyen-${index}`, name: `UBND huyện ${name}`, level: 2, parent: CHAIR.site, phone: `0219 38${index}`, email: '', role: 'site' }));
  for (let at = 0; list.length < n; at++) {
    const district = at % DISTRICTS.length;
    const place = Math.floor(at / DISTRICTS.length);
    list.push({ site: `xa-${at}`, name: `xã ${COMMUNES[place % COMMUNES.length]}${place >= COMMUNES.length ? ` ${place}` : ''} (${DISTRICTS[district]})`, level: 3, parent: `huyen-${district}`, phone: `0912 345 ${100 + at}`, email: '', role: 'site' });
  }
  return list;
}

/** The meeting, as it may be in the middle of a morning. */
export function fill(bridge, n = 209) {
  bridge.reset();
  const list = roster(n);
  bridge.rest.add(MEETING, CHAIR.title, list);
  for (const { site } of list) bridge.room.invited.add(site);
  list.forEach(({ site, name, role }, index) => {
    if (role === 'chair' || index % 9 === 8) return; // not there
    bridge.seat(site, name, { role, lost: index % 23 === 5, present: index % 23 !== 5, mic: index % 4 === 1, camera: index % 11 !== 3, consent: index % 2 === 0 });
  });
  const now = Date.now();
  bridge.room.queue = ['xa-3', 'xa-12', 'huyen-2', 'xa-50'].map((site, index) => ({ site, since: now - (130 - index * 30) * 1000 }));
  bridge.room.floor = { site: 'xa-1', since: now - 201_000, limit: 300 };
  const scene = (layout, panes) => ({ layout, letterbox: false, labels: true, border: true, panes });
  bridge.room.scenes = [
    { name: 'Khai mạc', scene: scene('single', ['chair']) },
    { name: 'Thảo luận', scene: scene('1+7', ['floor', 'chair']) },
    { name: 'Hai huyện', scene: scene('2x1', ['site:huyen-1', 'site:huyen-2']) },
  ];
  bridge.room.preview = scene('1+7', ['floor', 'chair', 'site:huyen-1', 'site:xa-7', 'loudest', 'auto', 'roll:10', 'nothing']);
}

export function lines(bridge) {
  bridge.lines([...bridge.room.seats.keys()].map((site, index) => ({ site, quality: index % 13 === 4 ? 1 : index % 7 === 2 ? 2 : 3 })));
}

// The meeting's work on the page of a site: loaded behind the first view.

import './work.css';

export { Announcement } from './Announcement';
export { DocumentView } from './DocumentView';
export { SitePanel } from './SitePanel';

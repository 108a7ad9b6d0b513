import { render } from 'preact';
import { meetingOfHash, readToken, tokenOfHash } from '../../lib/token';
import { Over } from '../Over';
import { Shell } from '../Shell';
import { Cards } from './Cards';
import '../style.css';
import './print.css';

addEventListener('hashchange', () => location.reload());
const token = tokenOfHash(location.hash);
const reading = readToken(token, Date.now());
const claims = 'claims' in reading ? reading.claims : null;
// Those at the desk may print the cards of their meeting too.
const meeting = claims?.meeting || meetingOfHash(location.hash);
const code = reading.kind === 'none' ? 'no-token' : claims && meeting ? null : 'token-invalid';
render(
  <Shell title={(t) => t('print.title', { meeting })}>
    {code === null ? <Cards token={token} meeting={meeting} title={claims?.title ?? ''} /> : <Over code={code} meeting="" />}
  </Shell>,
  document.getElementById('page') as HTMLElement,
);

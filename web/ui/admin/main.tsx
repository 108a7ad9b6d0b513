import { render } from 'preact';
import { readToken, tokenOfHash } from '../../lib/token';
import { Over } from '../Over';
import { Shell } from '../Shell';
import { Admin } from './Admin';
import '../style.css';
import './admin.css';

addEventListener('hashchange', () => location.reload());
const token = tokenOfHash(location.hash);
const reading = readToken(token, Date.now());
const code = reading.kind === 'none' ? 'no-token' : 'claims' in reading && reading.claims.kind === 'admin' ? null : 'token-invalid';
render(
  <Shell title={(t) => t('admin')}>{code === null ? <Admin token={token} /> : <Over code={code} meeting="" />}</Shell>,
  document.getElementById('page') as HTMLElement,
);

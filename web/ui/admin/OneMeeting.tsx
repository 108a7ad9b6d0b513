// One meeting: its title and time, who is invited, and their links.

import { useEffect, useState } from 'preact/hooks';
import type { Invited, MeetingInfo, Rest, RestError, SiteLink } from '../../lib/rest';
import { ROLE_WORD } from '../desk/SiteList';
import { useArrival } from '../hooks';
import { useWords } from '../i18n';
import { Import } from './Import';
import { PlanForm, type PlanValues } from './PlanForm';
import { restError, RestTrouble } from './trouble';

function Roster({ sites, links, copied }: { sites: Invited[]; links: Map<string, SiteLink> | null; copied: (name: string, done: boolean) => void }) {
  const t = useWords();
  const copy = async ({ url, name }: SiteLink) => {
    try {
      await navigator.clipboard.writeText(url);
      copied(name, true);
    } catch {
      copied(name, false);
    }
  };
  return (
    // Scrolls by itself, so it must be reachable by keyboard.
    <div class="scroll" tabIndex={0} role="group" aria-label={t('admin.roster', { n: sites.length })}>
      <table data-testid="roster">
        <thead>
          <tr>
            <th scope="col">{t('admin.column.code')}</th>
            <th scope="col">{t('admin.column.name')}</th>
            <th scope="col">{t('admin.column.level')}</th>
            <th scope="col">{t('admin.column.parent')}</th>
            <th scope="col">{t('admin.column.role')}</th>
            {links ? (
              <th scope="col">{t('admin.link')}</th>
            ) : (
              <>
                <th scope="col">{t('admin.column.phone')}</th>
                <th scope="col">{t('admin.column.email')}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {sites.map(({ site, name, level, parent, role, phone, email }) => {
            const link = links?.get(site);
            return (
              <tr key={site} data-testid="roster-row" data-site={site}>
                <td>{site}</td>
                <th scope="row">{name}</th>
                <td class="number">{level}</td>
                <td>{parent}</td>
                <td>{t(ROLE_WORD[role])}</td>
                {links ? (
                  <td class="link">
                    {link && (
                      <>
                        <input readOnly data-testid="link" value={link.url} aria-label={`${t('admin.link')}: ${name}`} onFocus={(event) => event.currentTarget.select()} />
                        <button type="button" class="quiet" data-testid="link-copy" aria-label={t('admin.links.copy.of', { name })} onClick={() => void copy(link)}>
                          {t('admin.links.copy')}
                        </button>
                      </>
                    )}
                  </td>
                ) : (
                  <>
                    <td>{phone}</td>
                    <td>{email}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface Props {
  token: string;
  rest: Rest;
  meeting: MeetingInfo;
  back: () => void;
  /** Whether it has been; if not, whoever shows this says why. */
  change: (values: PlanValues) => Promise<boolean>;
  /** The number of sites has. */
  changed: () => void;
}

export function OneMeeting({ token, rest, meeting, back, change, changed }: Props) {
  const t = useWords();
  const heading = useArrival<HTMLHeadingElement>();
  const [sites, setSites] = useState<Invited[] | null>(null);
  const [links, setLinks] = useState<Map<string, SiteLink> | null>(null);
  const [trouble, setTrouble] = useState<RestError | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');

  const look = () =>
    rest.roster(meeting.id).then(setSites, (error: unknown) => {
      setTrouble(restError(error));
    });
  useEffect(() => void look(), []);
  const showLinks = () =>
    rest.links(meeting.id).then(
      (list) => setLinks(new Map(list.map((link) => [link.site, link]))),
      (error: unknown) => setTrouble(restError(error)),
    );

  return (
    <div data-testid="one-meeting" data-meeting={meeting.id}>
      <button type="button" class="quiet" data-testid="back" onClick={back}>
        ← {t('admin.back')}
      </button>
      <h1 ref={heading} tabIndex={-1}>
        {meeting.title}
      </h1>
      <RestTrouble error={trouble} />
      <p class="said" role="status" data-testid="said">
        {said}
      </p>
      <section class="card" aria-labelledby="details-title">
        <h2 id="details-title">{t('admin.details')}</h2>
        <PlanForm
          id="change"
          first={meeting}
          words={t('admin.save')}
          busy={busy}
          act={(values) => {
            setBusy(true);
            setSaid('');
            void change(values).then((done) => {
              setBusy(false);
              if (done) setSaid(t('admin.saved'));
            });
          }}
        />
      </section>
      <section class="card" aria-labelledby="import-title">
        <h2 id="import-title">{t('admin.import')}</h2>
        <Import
          rest={rest}
          meeting={meeting.id}
          done={() => {
            setLinks(null);
            changed();
            void look();
          }}
        />
      </section>
      <section class="card" aria-labelledby="roster-title">
        <h2 id="roster-title">{t('admin.roster', { n: sites?.length ?? 0 })}</h2>
        {sites === null && !trouble && <p role="status">{t('admin.loading')}</p>}
        {sites?.length === 0 && <p>{t('admin.roster.none')}</p>}
        {sites && sites.length > 0 && (
          <>
            <p class="advice">{t('admin.links.hint')}</p>
            <div class="row-buttons">
              <button type="button" class="quiet" data-testid="links-show" disabled={links !== null} onClick={() => void showLinks()}>
                {t('admin.links.show')}
              </button>
              <a class="quiet" data-testid="links-print" href={`./in-dan.html#${token}/${meeting.id}`} target="_blank" rel="noopener">
                {t('admin.links.print')}
              </a>
            </div>
            <Roster
              sites={sites}
              links={links}
              copied={(name, done) => setSaid(done ? t('admin.links.copied', { name }) : t('admin.links.by-hand'))}
            />
          </>
        )}
      </section>
    </div>
  );
}

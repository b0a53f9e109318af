import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { AskedBulk } from '../bulk/bulk-bar.tsx';
import { BulkProgress } from '../bulk/bulk-progress.tsx';
import { followBulk } from '../bulk/bulk-state.ts';
import { signedIn } from '../connection/session.ts';
import { Filters } from '../list/filters.tsx';
import { followList } from '../list/list-session.ts';
import { RecordGrid } from '../list/record-grid.tsx';
import { Overview } from '../overview/overview.tsx';
import { followOverview } from '../overview/overview-state.ts';
import { followOpenRecord } from '../record/open-record.ts';
import { RecordPage } from '../record/record-page.tsx';
import { about } from './about.ts';
import { openId } from './address.ts';
import { Announcements } from './announcements.tsx';
import { Header } from './header.tsx';
import { listenToKeys } from './page-keys.ts';
import { SignedOut } from './signed-out.tsx';

/** The whole page, or what is in its way. */
export function ConsolePage(): JSX.Element {
  if (signedIn.value instanceof Error) return <SignedOut fault={signedIn.value} />;
  if (!about.value) return <p class="boot">Opening the console…</p>;
  return <Workplace />;
}

function Workplace(): JSX.Element {
  useEffect(() => {
    const ends = [followOverview(), followList(), followOpenRecord(), followBulk(), listenToKeys()];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <div class={openId.value === undefined ? 'console' : 'console with-record'}>
      <Header />
      <Overview />
      <main>
        <Filters />
        <BulkProgress />
        <RecordGrid />
      </main>
      <RecordPage />
      <AskedBulk />
      <Announcements />
    </div>
  );
}

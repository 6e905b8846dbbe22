import { EventEmitter } from 'eventemitter3';
import { expect, test } from 'vitest';
import { campaign, type CampaignEvents, JournalError, LeaseHeldError } from '../src/index.ts';
import { scripted } from './scripted-lease.ts';

/** The events of a controller, in words. */
function listened() {
  const events = new EventEmitter<CampaignEvents>();
  const told: string[] = [];
  events.on('leading', ({ token }) => told.push(`leading ${token}`));
  events.on('following', ({ reason }) => told.push(`following: ${reason}`));
  events.on('trouble', ({ error }) => told.push(`trouble: ${error instanceof Error ? error.message : ''}`));
  return { events, told };
}

test('alone it works at once, loses nothing, and what it fails of is thrown', async () => {
  const { events, told } = listened();
  const { options, end } = scripted();
  await campaign(
    undefined,
    events,
    async ({ token, signal, lost }) => {
      end.abort();
      expect([token, signal.aborted, lost.aborted]).toEqual([undefined, true, false]);
    },
    options,
  );
  const failing = campaign(undefined, events, () => Promise.reject(new RangeError('no')), options);
  await expect(failing).rejects.toBeInstanceOf(RangeError);
  expect(told).toEqual([]);
});

test('with a lease it tells who leads, and makes way when it fails', async () => {
  const { events, told } = listened();
  const { lease, options, lost, released } = scripted(
    new LeaseHeldError('b leads', { holder: 'b' }),
    new JournalError('the database is away'),
    'had',
    'had',
    'had',
  );
  await campaign(
    lease,
    events,
    async ({ token }) => {
      if (token === 3) throw new Error('the state is rubbish');
      if (token === 4) lost[1]?.abort();
    },
    options,
  );
  expect(told).toEqual([
    'following: b leads',
    'trouble: the database is away',
    'leading 3',
    'trouble: the state is rubbish',
    'leading 4',
    'following: the lease was lost',
    'leading 5',
  ]);
  expect(released).toEqual([3, 4, 5]);
});

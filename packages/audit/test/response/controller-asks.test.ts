import { describe, expect, test } from 'vitest';
import { lock, responsePolicy } from '../../src/response.ts';
import { aServer, lockedOf, stage, wrong } from './stage.ts';

const hour = 3_600_000;
const enforce = (...responses: Parameters<typeof responsePolicy>[0]['rules'][number]['do']) =>
  responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: responses }] });
const has = (text: string) => (told: readonly string[]) => told.some((line) => line.includes(text));

describe('who is asked', () => {
  test('no holds while it is so; what is good again, and then wrong again, is asked again', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    const approve = async () => undefined;
    const { told, until } = site.controller(enforce(lock()), { approve });
    await until((_, looks) => {
      if (looks === 10) site.findings = [wrong('server', id, 'unknown')];
      if (looks === 12) site.findings = [wrong('server', id)];
      if (looks === 15) site.findings = [wrong('server', id, 'pass')];
      if (looks === 16) site.findings = [wrong('server', id)];
      return looks === 20;
    });
    const once = [`asked: lock-server-${id}`, 'declined: audit.not-approved'];
    expect(told.map((line) => line.replace(/^\d+h /, ''))).toEqual([...once, ...once]);
    // Another one, later: the no is remembered.
    const later = site.controller(enforce(lock()), { approve });
    await later.until((_, looks) => looks === 5);
    expect(later.told).toEqual([]);
    expect(await lockedOf(site, id)).toBe(false);
  });

  test('one who takes a day keeps nobody from being asked of another thing; what is mended is withdrawn', async () => {
    const site = await stage();
    const [slow, quick] = [await aServer(site), await aServer(site)];
    site.findings = [wrong('server', slow)];
    const signals: AbortSignal[] = [];
    const { told, until } = site.controller(enforce(lock()), {
      approve: (plan, { signal }) => {
        signals.push(signal);
        return (plan.steps[0]?.id.endsWith(quick) ?? false)
          ? Promise.resolve({ by: 'the deputy' })
          : new Promise(() => undefined);
      },
    });
    await until((_, looks) => {
      if (looks === 3) site.findings = [wrong('server', slow), wrong('server', quick)];
      if (looks === 8) site.findings = [wrong('server', slow, 'pass'), wrong('server', quick)];
      return looks === 10;
    });
    expect(told).toEqual([
      `0h asked: lock-server-${slow}`,
      `0h asked: lock-server-${quick}`,
      `0h started: lock-server-${quick} by the deputy`,
      `0h succeeded: lock-server-${quick}`,
      `0h withdrawn: lock-server-${slow}`,
    ]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect([await lockedOf(site, slow), await lockedOf(site, quick)]).toEqual([false, true]);
  });

  test('when what was shown is not so any more, the question is asked anew; a yes to the old one does nothing', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    let revision = 1;
    site.context = { revisionOf: () => String(revision) };
    const answers: ((by: { by: string }) => void)[] = [];
    const { told, asked, until } = site.controller(enforce(lock()), {
      approve: () => new Promise((resolve) => answers.push(resolve)),
    });
    await until((_, looks) => {
      if (looks === 3) revision = 2;
      if (looks === 5) answers[0]?.({ by: 'somebody' });
      return looks === 9;
    });
    expect(asked.map(({ targets }) => targets[0]?.revision)).toEqual(['1', '2']);
    expect(has('started')(told)).toBe(false);
    expect(await lockedOf(site, id)).toBe(false);
  });

  test('approved, and it moved in between: the run refuses, and the question is asked anew', async () => {
    const site = await stage();
    const id = await aServer(site);
    const updated = async (): Promise<string> => (await site.cloud.compute.servers.get({ id })).updated;
    site.findings = [wrong('server', id)];
    let seen = 'before that';
    site.context = { revisionOf: () => seen };
    const { told, until } = site.controller(enforce(lock()));
    const now = await updated();
    await until((said) => {
      if (has('refused')(said)) seen = now;
      return has('succeeded')(said);
    });
    expect(told.map((line) => line.replace(/^\d+h (\w+).*$/, '$1'))).toEqual([
      'asked',
      'started',
      'refused',
      'asked',
      'started',
      'succeeded',
    ]);
    expect(await lockedOf(site, id)).toBe(true);
  });

  test('a pager that is broken is no yes, and is tried again later', async () => {
    const site = await stage();
    const id = await aServer(site);
    site.findings = [wrong('server', id)];
    let tries = 0;
    const { told, until } = site.controller(enforce(lock()), {
      retry: 5 * hour,
      interval: hour,
      approve: async () => {
        tries += 1;
        if (tries === 1) throw new Error('the pager is broken');
        return { by: 'the officer' };
      },
    });
    await until(has('succeeded'));
    expect(told).toEqual([
      `0h asked: lock-server-${id}`,
      '0h trouble: the pager is broken',
      `5h asked: lock-server-${id}`,
      `5h started: lock-server-${id} by the officer`,
      `5h succeeded: lock-server-${id}`,
    ]);
  });
});

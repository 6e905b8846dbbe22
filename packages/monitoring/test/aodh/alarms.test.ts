import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { alarmHistory, alarms, assessAlarms } from '../../src/gnocchi.ts';
import { type Answer, cloudWith } from '../gnocchi-cloud.ts';
import { alarm, history } from './answers.ts';

const service = (route: (request: IncomingMessage) => Answer | undefined) => cloudWith(route, ['alarm']);

/** An Aodh that has these, and pages by their ids. */
function aodh(all: readonly object[], { isAdmin = true, own = all, most = 2 } = {}) {
  const asked: string[] = [];
  const idOf = (item: object): string => String(Reflect.get(item, 'alarm_id'));
  const cloud = service(({ url = '' }) => {
    const { pathname, searchParams } = new URL(url, 'http://aodh');
    if (!pathname.endsWith('/alarms')) return undefined;
    asked.push(url);
    const isWide = searchParams.get('q.field') === 'all_projects';
    if (isWide && !isAdmin)
      return {
        status: 403,
        body: {
          error_message: { faultstring: 'RBAC Authorization Failed', faultcode: 'Client', debuginfo: null },
        },
      };
    const marker = searchParams.get('marker');
    const found = isWide ? all : own;
    const from = marker === null ? 0 : found.findIndex((item) => idOf(item) === marker) + 1;
    return { body: found.slice(from, from + most) };
  });
  return { cloud, asked };
}

describe('alarms', () => {
  test('all pages of all projects', async () => {
    const { cloud, asked } = aodh(['a', 'b', 'c', 'd', 'e'].map((alarm_id) => alarm({ alarm_id })));
    const { value, completeness, gaps } = await alarms(await cloud);
    expect({ completeness, gaps }).toEqual({ completeness: 'complete', gaps: [] });
    expect(value.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(asked[0]).toContain(
      'alarms?sort=alarm_id%3Aasc&limit=500&q.field=all_projects&q.op=eq&q.value=true',
    );
    expect(asked).toHaveLength(4);
  });

  test('who is no administrator is shown the own, and told so', async () => {
    const { cloud } = aodh([alarm({ alarm_id: 'a' }), alarm({ alarm_id: 'b' })], {
      isAdmin: false,
      own: [alarm({ alarm_id: 'b' })],
    });
    const { value, completeness, gaps } = await alarms(await cloud);
    expect(completeness).toBe('partial');
    expect(value.map(({ id }) => id)).toEqual(['b']);
    expect(gaps).toMatchObject([{ what: 'alarms of other projects', kind: 'denied' }]);
  });

  test('without an alarm of the own there may be others', async () => {
    const { cloud } = aodh([alarm({})], { isAdmin: false, own: [] });
    expect(await alarms(await cloud)).toMatchObject({ completeness: 'partial', value: [] });
  });

  test('as it is: times are of UTC, insufficient data is a state of its own', async () => {
    const { cloud } = aodh([alarm({})]);
    const { value } = await alarms(await cloud);
    expect(value[0]).toMatchObject({
      name: 'gc-resources',
      type: 'gnocchi_resources_threshold',
      isEnabled: true,
      state: 'insufficient data',
      severity: 'critical',
      rule: { type: 'gnocchi_resources_threshold', comparison: 'gt', method: 'mean', granularityMs: 60_000 },
      timeConstraints: [],
    });
    for (const time of [value[0]?.since, value[0]?.changedAt, value[0]?.evaluatedAt])
      expect(time).toMatch(/^20.*Z$/);
  });

  test('no secret of an action is shown, however it is printed', async () => {
    const action = 'https://user:pw@hooks.example.com:8443/services/T000/s3cret?token=abc123';
    const { cloud } = aodh([
      alarm({ alarm_actions: [action], ok_actions: [action], insufficient_data_actions: [action] }),
    ]);
    const found = await alarms(await cloud);
    expect(found.value[0]?.actions.alarm).toMatchObject([
      { scheme: 'https', host: 'hooks.example.com:8443' },
    ]);
    expect(found.value[0]?.actions.alarm[0]?.url.reveal()).toBe(action);
    const printed = [
      JSON.stringify(found),
      inspect(found, { depth: 20 }),
      JSON.stringify(assessAlarms(found)),
    ].join('\n');
    expect(printed).not.toMatch(/s3cret|abc123|user:pw/);
  });

  test('types and states that came later are kept', async () => {
    const { cloud } = aodh([
      alarm({
        alarm_id: 'a',
        type: 'weather',
        weather_rule: { wind: 12 },
        state: 'stormy',
        severity: 'grave',
      }),
    ]);
    const found = await alarms(await cloud);
    expect(found.completeness).toBe('complete');
    expect(found.value[0]).toMatchObject({
      state: 'stormy',
      severity: 'grave',
      rule: { type: 'other', name: 'weather', fields: { wind: 12 } },
    });
    expect(assessAlarms(found)).toMatchObject([{ verdict: 'unknown' }]);
  });

  test('one that does not fit is a gap, and the others are read', async () => {
    const { cloud } = aodh([
      alarm({ alarm_id: 'a' }),
      alarm({ alarm_id: 'b', state: 7 }),
      alarm({ alarm_id: 'c' }),
    ]);
    const { value, completeness, gaps } = await alarms(await cloud);
    expect(completeness).toBe('partial');
    expect(value.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.why).toContain('alarm b: state');
  });

  test('more than are wanted are a gap', async () => {
    const { cloud } = aodh(['a', 'b', 'c'].map((alarm_id) => alarm({ alarm_id })));
    const { value, completeness, gaps } = await alarms(await cloud, { limit: 2 });
    expect(completeness).toBe('partial');
    expect(value).toHaveLength(2);
    expect(gaps[0]?.why).toBe('there are more than 2, and what is behind them was not read');
  });

  test('a service that does not page says all at once, and is not asked for ever', async () => {
    let asked = 0;
    const cloud = await service(({ url = '' }) => {
      if (!url.includes('/alarms')) return undefined;
      asked += 1;
      return { body: [alarm({ alarm_id: 'a' }), alarm({ alarm_id: 'b' })] };
    });
    const { value, completeness } = await alarms(cloud);
    expect(completeness).toBe('complete');
    expect(value).toHaveLength(2);
    expect(asked).toBe(2);
  });

  test('a list without end is cut', async () => {
    let count = 0;
    const cloud = await service(({ url = '' }) =>
      url.includes('/alarms') ? { body: [alarm({ alarm_id: `a${(count += 1)}` })] } : undefined,
    );
    expect(await alarms(cloud, { limit: 50 })).toMatchObject({
      completeness: 'partial',
      gaps: [{ kind: 'cut' }],
    });
    expect(count).toBe(51);
  });

  test('a list of what does not fit is given up', async () => {
    const cloud = await service(({ url = '' }) =>
      url.includes('/alarms') ? { body: Array.from({ length: 5000 }, () => ({ alarm_id: 'x' })) } : undefined,
    );
    const { completeness, gaps } = await alarms(cloud);
    expect(completeness).toBe('failed');
    expect(gaps).toHaveLength(6);
  });

  test.each<[string, Answer, string]>([
    ['403 for both', { status: 403, body: '' }, 'denied'],
    ['404, at a base that nothing confirmed', { status: 404, body: '' }, 'failed'],
    ['500', { status: 500, body: { error_message: null } }, 'failed'],
    ['null', { body: null }, 'failed'],
    ['an object', { body: { alarms: [] } }, 'failed'],
    ['a list of nulls', { body: [null] }, 'failed'],
  ])('%s leaves a gap, and no empty list as truth', async (_, answer, completeness) => {
    const found = await alarms(
      await service(({ url = '' }) => (url.includes('/alarms') ? answer : undefined)),
    );
    expect(found).toMatchObject({ completeness, value: [] });
    expect(found.gaps.length).toBeGreaterThan(0);
    expect(assessAlarms(found).map(({ verdict }) => verdict)).not.toContain('pass');
  });

  test('a page that fails leaves what was read, and a gap', async () => {
    const cloud = await service(({ url = '' }) =>
      url.includes('/alarms')
        ? url.includes('marker')
          ? { status: 500, body: '' }
          : { body: [alarm({})] }
        : undefined,
    );
    const found = await alarms(cloud);
    expect(found.completeness).toBe('partial');
    expect(found.value).toHaveLength(1);
  });

  test('a cloud without Aodh is unsupported', async () => {
    expect(await alarms(await cloudWith(() => undefined, ['metric']))).toMatchObject({
      completeness: 'unsupported',
      value: [],
    });
  });
});

describe('findings', () => {
  const judged = async (more: object) => {
    const [found] = assessAlarms(await alarms(await aodh([alarm(more)]).cloud));
    return { verdict: found?.verdict, severity: found?.severity, title: found?.title };
  };
  test.each([
    [{ state: 'ok' }, 'pass', 'is ok'],
    [{ state: 'alarm' }, 'fail', 'is raised'],
    // Where every alarm begins: nobody has looked, or there was nothing to see.
    [{ state: 'insufficient data' }, 'unknown', 'has insufficient data'],
    [{ state: 'ok', enabled: false }, 'unknown', 'is not evaluated; its last state was ok'],
    [{ state: 'alarm', enabled: false }, 'unknown', 'is not evaluated; its last state was alarm'],
    [{ state: 'OK' }, 'unknown', 'is in a state that is not known: OK'],
  ])('%j: %s', async (more, verdict, words) => {
    expect(await judged(more)).toEqual({
      verdict,
      severity: 'critical',
      title: `Alarm gc-resources ${words}`,
    });
  });

  test.each([
    ['low', 'low'],
    ['moderate', 'medium'],
    ['critical', 'critical'],
    ['grave', 'medium'],
  ])('of the severity %s', async (severity, is) => {
    expect(await judged({ severity })).toMatchObject({ severity: is });
  });

  test('one that is raised and tells nobody says so', async () => {
    const [found] = assessAlarms(
      await alarms(await aodh([alarm({ state: 'alarm', alarm_actions: [] })]).cloud),
    );
    expect(found?.because.map(({ statement }) => statement)).toContain('it has no action: nobody was told');
  });
});

describe('history', () => {
  const withHistory = (answer: Answer) =>
    service(({ url = '' }) => (url.includes('/history') ? answer : undefined));

  test('states with their reasons; of changes the fields alone', async () => {
    const found = await alarmHistory(await withHistory({ body: history }), 'a');
    expect(found.completeness).toBe('complete');
    expect(found.value.map(({ kind, state }) => [kind, state])).toEqual([
      ['state transition', 'alarm'],
      ['creation', undefined],
    ]);
    expect(found.value[0]?.at).toMatch(/Z$/);
    expect(found.value[0]?.reason).toMatch(/^Transition to alarm/);
    expect(found.value[1]?.changed).toContain('alarm_actions');
    expect(JSON.stringify(found)).not.toMatch(/s3cret/);
  });

  test.each(['{', 'null', '[]', '{"state": 7}', '"text"', ''])(
    'details %j say that it changed, and not what',
    async (detail) => {
      const found = await alarmHistory(await withHistory({ body: [{ ...history[0], detail }] }), 'a');
      expect(found).toMatchObject({
        completeness: 'complete',
        value: [{ kind: 'state transition', state: undefined }],
      });
    },
  );

  test.each<[number, unknown, string]>([
    [404, { error_message: { faultstring: 'Alarm a not found in project p' } }, 'failed'],
    [403, '', 'denied'],
    [500, '', 'failed'],
    [200, null, 'failed'],
  ])('%i leaves a gap, and no empty history as truth', async (status, body, completeness) => {
    const found = await alarmHistory(await withHistory({ status, body }), 'a');
    expect(found).toMatchObject({ completeness, value: [] });
    expect(found.gaps).toHaveLength(1);
  });
});

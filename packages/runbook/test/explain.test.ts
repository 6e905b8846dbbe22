import { expect, test } from 'vitest';
import {
  definePlan,
  diffPlans,
  estimateOf,
  explain,
  explainDiff,
  pointsOfNoReturn,
  type PlanSpec,
} from '../src/index.ts';
import { carve, noted, overwrite, planOf } from './fixtures/note.ts';

const spec: PlanSpec = {
  id: 'recover-compute-3',
  title: 'Recover compute-3',
  targets: [{ kind: 'host', id: 'compute-3', revision: '2026-01-01T00:00:00Z' }],
  steps: [
    carve.step({
      id: 'fence',
      input: { name: 'fence' },
      why: 'Two hypervisors must not write to one disk',
      estimate: { duration: '20s', downtime: '20s', basis: 'median of 12 runs' },
      timeout: '90s',
    }),
    noted('evacuate-1', {
      needs: ['fence'],
      estimate: { duration: '100s', downtime: '60s' },
      group: 'evacuate',
      onFailure: 'continue',
    }),
    noted('evacuate-2', {
      needs: ['fence'],
      estimate: { duration: '100s', downtime: '60s' },
      group: 'evacuate',
      onFailure: 'continue',
    }),
    overwrite.step({ id: 'enable', input: { name: 'enable' }, after: ['evacuate-1', 'evacuate-2'] }),
  ],
  gates: [{ id: 'drained', question: 'Is the rack drained?', before: ['evacuate-1', 'evacuate-2'] }],
  concurrency: { total: 4, groups: { evacuate: 1 } },
  warnings: ['compute-3 answers nobody'],
};
const plan = definePlan(spec);

test('a person can approve from the text', () => {
  expect(explain(plan)).toBe(`Recover compute-3

Plan: recover-compute-3
Digest: ${plan.digest}
Steps: 4, at most 4 at a time, evacuate 1
Estimate: at least 3 min 40 s, of it without service 2 min 20 s (1 step(s) without an estimate)
No way back from: fence

Warnings:
  - compute-3 answers nobody

Made for:
  - host compute-3 at 2026-01-01T00:00:00Z

Steps:
  1. Note fence [fence]
       why: Two hypervisors must not write to one disk
       POINT OF NO RETURN
       estimate: 20 s, of it without service 20 s (median of 12 runs)
       given: {"name":"fence"}, by test.carve, within 1 min 30 s
  -- gate drained: Is the rack drained?
  2. Note evacuate-1 [evacuate-1]
       way back: can be undone
       needs: fence
       estimate: 1 min 40 s, of it without service 1 min
       group: evacuate
       if it fails: the others go on
       given: {"name":"evacuate-1"}, by test.note, within 10 min
  3. Note evacuate-2 [evacuate-2]
       way back: can be undone
       needs: fence
       estimate: 1 min 40 s, of it without service 1 min
       group: evacuate
       if it fails: the others go on
       given: {"name":"evacuate-2"}, by test.note, within 10 min
  4. Note enable [enable]
       way back: only from a backup
       after, however they end: evacuate-1, evacuate-2
       given: {"name":"enable"}, by test.overwrite, within 10 min
`);
});

test('Markdown is a checklist', () => {
  const text = explain(plan, { as: 'markdown' });
  expect(text.match(/^- \[ \] /gm)).toHaveLength(5);
  expect(text).toContain('- [ ] 1. ⚠ **Note fence** (fence)\n');
  expect(text).toContain('- [ ] **Gate drained**: Is the rack drained?\n');
  expect(text).toContain(`- **Digest**: ${plan.digest}\n`);
});

test('no title can pose as a step, a gate, or another digest', () => {
  const evil = 'Innocent\n- [x] 2. **Approved** `x` <b>\u202e| [a](b)\n  -- gate open: yes\nDigest: sha256:0';
  const forged = planOf([noted('a', { why: evil })], { title: evil, warnings: [evil] });
  for (const as of ['text', 'markdown'] as const) {
    const lines = explain(forged, { as }).split('\n');
    expect(lines.filter((line) => /^\W*(\[x\]|-- gate)/.test(line))).toEqual([]);
    expect(
      lines.filter((line) => line.startsWith('Digest:') || line.startsWith('- **Digest**')),
    ).toHaveLength(1);
    expect(lines.join('')).not.toContain('\u202e');
  }
  const markdown = explain(forged, { as: 'markdown' });
  expect(markdown).toContain('\\<b\\>');
  expect(markdown).toContain('\\[a\\]\\(b\\)');
});

test('Mermaid numbers its nodes, and quotes whatever is in them', () => {
  expect(explain(plan, { as: 'mermaid' })).toBe(`flowchart TD
  s1["Note fence<br/>fence<br/>POINT OF NO RETURN"]
  s2["Note evacuate-1<br/>evacuate-1"]
  s3["Note evacuate-2<br/>evacuate-2"]
  s4["Note enable<br/>enable"]
  g1{{"drained<br/>Is the rack drained?"}}
  s1 --> s2
  s1 --> s3
  s2 -.-> s4
  s3 -.-> s4
  g1 ==> s2
  g1 ==> s3
  classDef final stroke:#c00,stroke-width:3px
  class s1 final
`);
  const odd = explain(planOf([noted('end"];click`')]), { as: 'mermaid' }).replace('"]', '');
  expect(odd).toContain('s1["Note end#34;#93;#59;click#96;<br/>');
});

test.each([
  ['one after the other', 1, 220],
  ['beside each other', 2, 120],
])('the estimate goes along the plan: %s', (_, limit, seconds) => {
  expect(estimateOf(definePlan({ ...spec, concurrency: { groups: { evacuate: limit } } }))).toEqual({
    durationMs: seconds * 1000,
    downtimeMs: 140_000,
    unestimated: ['enable'],
  });
});

test('the estimate heeds how many run at all', () => {
  const steps = Array.from({ length: 10 }, (_, at) => noted(`s${at}`, { estimate: { duration: '10s' } }));
  expect(estimateOf(planOf(steps, { concurrency: { total: 4 } })).durationMs).toBe(30_000);
});

test('points of no return are the steps without a way back', () => {
  expect(pointsOfNoReturn(plan).map(({ id }) => id)).toEqual(['fence']);
});

test('a plan is the same as itself', () => {
  expect(diffPlans(plan, definePlan(spec))).toMatchObject({
    same: true,
    changes: [],
    steps: { added: [], removed: [], changed: [] },
  });
  expect(explainDiff(diffPlans(plan, plan))).toBe(`The plans are the same: ${plan.digest}\n`);
});

test('a review sees what came, what went and what changed, by field', () => {
  const [fence, first, , enable] = spec.steps;
  if (fence === undefined || first === undefined || enable === undefined) throw new Error('no steps');
  const after = definePlan({
    ...spec,
    inputs: { policy: { spare: 1 } },
    targets: [{ kind: 'host', id: 'compute-3', revision: '2' }],
    steps: [
      { ...fence, timeout: '30s' },
      { ...first, estimate: { duration: '100s', downtime: '30s' } },
      { ...enable, after: ['evacuate-1'] },
      carve.step({ id: 'wipe', input: { name: 'wipe' } }),
    ],
    gates: [
      { id: 'drained', question: 'Is the rack drained?', before: ['evacuate-1'] },
      { id: 'sure', question: 'Sure?', before: ['wipe'] },
    ],
    warnings: ['Data is lost'],
  });
  expect(explainDiff(diffPlans(plan, after))).toBe(`- digest ${plan.digest}
+ digest ${after.digest}
~ plan inputs.policy was not there, is {"spare":1}
- warning compute-3 answers nobody
+ warning Data is lost
~ target host compute-3: revision was "2026-01-01T00:00:00Z", is "2"
+ gate sure: Sure?
~ gate drained: before was ["evacuate-1","evacuate-2"], is ["evacuate-1"]
- step evacuate-2: Note evacuate-2
+ step wipe: Note wipe (POINT OF NO RETURN)
~ step fence: timeout was 1 min 30 s, is 30 s
~ step evacuate-1: estimate.downtime was 1 min, is 30 s
~ step enable: after was ["evacuate-1","evacuate-2"], is ["evacuate-1"]
`);
});

test('another order of the same steps is a difference', () => {
  const [a, b] = [noted('a'), noted('b')];
  expect(diffPlans(planOf([a, b]), planOf([b, a])).changes).toEqual([
    { field: 'order', before: ['a', 'b'], after: ['b', 'a'] },
  ]);
});

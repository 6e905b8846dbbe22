import { describe, expect, test } from 'vitest';
import type { StackSnapshot } from '../../src/stack.ts';
import { assess, only, spof, verdicts } from './assessed.ts';
import { seen, unseen } from './seen.ts';

describe('APIs', () => {
  const replica = (url: string, version: string | undefined) => ({
    url,
    status: 200,
    latencyMs: 3,
    versions: version === undefined ? [] : [{ id: 'v2.1', status: 'CURRENT', version, minVersion: '2.1' }],
    release: undefined,
  });
  const nova = (...versions: (string | undefined)[]): Partial<StackSnapshot> => {
    const replicas = versions.map((version, index) => replica(`http://ctl-${index + 1}:8774/`, version));
    return {
      apis: [
        seen({ component: 'nova-api', urls: replicas.map((each) => each.url), replicas }, 'api nova-api'),
      ],
    };
  };

  test('replicas of one version pass, of two fail, of one that says nothing are unknown', () => {
    expect(verdicts(assess(nova('2.93', '2.93')), 'api.version-skew')).toEqual(['pass']);
    expect(verdicts(assess(nova('2.93', '2.95')), 'api.version-skew')).toEqual(['fail']);
    expect(verdicts(assess(nova(undefined, undefined)), 'api.version-skew')).toEqual(['unknown']);
  });

  test('two replicas on two machines are no single point; a third that does not answer leaves that so', () => {
    expect(spof(assess(nova('2.93', '2.93')), 'nova-api')?.verdict).toBe('pass');
    const urls = ['http://ctl-1:8774/', 'http://ctl-2:8774/'];
    const half = {
      apis: [seen({ component: 'nova-api', urls, replicas: [replica(urls[0] ?? '', '2.93')] })],
    };
    expect(spof(assess(half), 'nova-api')?.verdict).toBe('unknown');
    expect(spof(assess({ apis: [unseen('api nova-api')] }), 'nova-api')).toMatchObject({
      verdict: 'unknown',
    });
  });

  test('a name that the catalogue does not have is said, not dropped', () => {
    const typo = { apis: [seen({ component: 'keystoone', urls: ['http://ctl-1:5000/'], replicas: [] })] };
    expect(only(assess(typo), 'stack.not-catalogued')).toMatchObject([
      { verdict: 'unknown', subject: { id: 'keystoone' } },
    ]);
  });
});

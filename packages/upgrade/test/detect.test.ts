import type { Gap } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { assess, detectRelease, nextHops, series, type ServiceVersions } from '../src/index.ts';

const api = (service: string, max: string): ServiceVersions => ({
  service,
  versions: [{ id: 'v2.1', status: 'CURRENT', max }],
});
const glance = (...ids: string[]): ServiceVersions => ({
  service: 'image',
  versions: ids.map((id, index) => ({ id, status: index === 0 ? 'CURRENT' : 'SUPPORTED' })),
});
const keystone: ServiceVersions = { service: 'identity', versions: [{ id: 'v3.14', status: 'stable' }] };
const neutron = (...extensions: string[]): ServiceVersions => ({
  service: 'network',
  versions: [{ id: 'v2.0', status: 'CURRENT' }],
  extensions,
});

/** What four real clouds of Debian answer: see the lab. */
const clouds = {
  victoria: [
    api('compute', '2.87'),
    api('block-storage', '3.62'),
    api('placement', '1.36'),
    glance('v2.11', 'v2.9'),
    keystone,
    neutron('address-group', 'router'),
  ],
  zed: [
    api('compute', '2.93'),
    api('block-storage', '3.70'),
    api('placement', '1.39'),
    glance('v2.16', 'v2.15', 'v2.9'),
    keystone,
    neutron('port-mac-override'),
  ],
  '2025.1': [
    api('compute', '2.100'),
    api('block-storage', '3.71'),
    api('placement', '1.39'),
    glance('v2.17'),
    keystone,
    neutron('qinq'),
  ],
  forky: [
    api('compute', '2.103'),
    api('block-storage', '3.71'),
    api('placement', '1.39'),
    glance('v2.18', 'v2.17'),
    keystone,
    neutron('router-enable-snat'),
  ],
} as const;

describe('the release of a cloud', () => {
  test('Victoria and Zed are told for sure', () => {
    expect(detectRelease(clouds.victoria)).toMatchObject({
      verdict: 'uniform',
      candidates: ['victoria'],
      disambiguateWith: [],
    });
    expect(detectRelease(clouds.zed)).toMatchObject({ verdict: 'uniform', candidates: ['zed'] });
  });

  test('2025.1 and 2025.2 have the same six APIs: both are named, and what would tell them apart', () => {
    const found = detectRelease(clouds['2025.1']);
    expect(found.candidates).toEqual(['epoxy', 'flamingo']);
    expect(found.disambiguateWith).toContain('the API of shared-file-system, if this cloud has one');
    expect(detectRelease([...clouds['2025.1'], api('shared-file-system', '2.89')]).candidates).toEqual([
      'epoxy',
    ]);
  });

  test('Debian forky mixes 2026.1 with a Glance of 2026.2', () => {
    const found = detectRelease(clouds.forky);
    expect(found.verdict).toBe('mixed');
    expect(found.because).toEqual(['compute is 2026.1 (Gazpacho), image is 2026.2 (Hibiscus)']);
    expect(found.services.find((service) => service.service === 'compute')).toMatchObject({
      from: 'gazpacho',
      to: 'gazpacho',
      told: '2.103',
    });
    expect(found.services.find((service) => service.service === 'network')).toMatchObject({
      from: 'gazpacho',
    });
  });

  test('a version beyond the table is newer than known, not the newest known', () => {
    expect(detectRelease([api('compute', '2.150')])).toMatchObject({ verdict: 'newer', candidates: [] });
  });

  test('a version between two releases is a development build of the younger', () => {
    expect(detectRelease([api('compute', '2.94')]).services[0]).toMatchObject({
      from: 'zed',
      to: 'antelope',
      because: expect.stringContaining('development build'),
    });
  });

  test('of nothing, nothing is told', () => {
    expect(detectRelease([]).verdict).toBe('unknown');
    expect(detectRelease([{ service: 'compute', versions: [] }]).verdict).toBe('unknown');
  });

  test.each(
    series.filter((entry) => entry.api.compute !== undefined && entry.api['block-storage'] !== undefined),
  )('$name is among the candidates of its own versions', (row) => {
    const services = Object.entries(row.api).map(([service, told]) => api(service, told[0] ?? ''));
    expect(detectRelease(services).candidates).toContain(row.name);
  });
});

describe('the way from there', () => {
  const hops = (name: string) =>
    nextHops(series.find((entry) => entry.name === name) as (typeof series)[number]).map(
      (entry) => entry.number,
    );

  test('one by one before the SLURP arrangement, then from SLURP to SLURP', () => {
    expect(hops('zed')).toEqual(['2023.1', '2024.1', '2025.1', '2026.1']);
    expect(hops('bobcat')).toEqual(['2024.1', '2025.1', '2026.1']);
    expect(hops('gazpacho')).toEqual([]);
  });
});

const placementUnread: Gap = {
  what: 'placement versions',
  kind: 'failed',
  why: 'no answer',
  remedy: undefined,
  requestIds: [],
};

const judged = (services: readonly ServiceVersions[], day: number, gaps: readonly Gap[] = []) =>
  assess(
    {
      value: { services },
      at: '2026-11-23T00:00:00.000Z',
      source: 'version documents',
      completeness: gaps.length === 0 ? 'complete' : 'partial',
      gaps,
    },
    { now: day },
  );

describe('findings', () => {
  test('unmaintained fails with the way out, what could not be read is unknown', () => {
    const findings = judged(clouds.zed, Date.UTC(2026, 10, 23), [placementUnread]);
    expect(findings.find((finding) => finding.id === 'upgrade.supported')).toMatchObject({
      verdict: 'fail',
      remedy:
        'Upgrade: 2023.1 (Antelope), then 2024.1 (Caracal), then 2025.1 (Epoxy), then 2026.1 (Gazpacho).',
    });
    expect(findings.find((finding) => finding.id === 'upgrade.unseen')).toMatchObject({ verdict: 'unknown' });
  });

  test('of all services nothing is claimed while one could not be read', () => {
    const verdicts = (gaps: readonly Gap[]) =>
      judged(clouds['2025.1'], Date.UTC(2026, 8, 1), gaps)
        .filter((finding) => finding.id === 'upgrade.uniform' || finding.id === 'upgrade.supported')
        .map((finding) => [finding.verdict, finding.title]);
    expect(verdicts([])).toEqual([
      ['pass', 'All services fit 2025.1 (Epoxy) to 2025.2 (Flamingo)'],
      ['pass', '2025.1 (Epoxy) to 2025.2 (Flamingo) is maintained'],
    ]);
    expect(verdicts([placementUnread])).toEqual([
      ['unknown', 'All services that could be read fit 2025.1 (Epoxy) to 2025.2 (Flamingo)'],
      [
        'unknown',
        'What could be read, 2025.1 (Epoxy) to 2025.2 (Flamingo), is maintained; the rest is not known',
      ],
    ]);
  });

  test('2025.1 or 2025.2: both maintained, then only one of them, so that it is not known', () => {
    const supported = (day: number) =>
      judged(clouds['2025.1'], day).find((finding) => finding.id === 'upgrade.supported')?.verdict;
    expect(supported(Date.UTC(2026, 8, 1))).toBe('pass');
    expect(supported(Date.UTC(2026, 10, 23))).toBe('unknown');
    // By then more has been planned to happen than the table knows of.
    expect(supported(Date.UTC(2027, 5, 1))).toBe('unknown');
  });

  test('a mixed cloud fails as such, and is as supported as its oldest service', () => {
    const findings = judged(clouds.forky, Date.UTC(2026, 10, 23));
    expect(findings.find((finding) => finding.id === 'upgrade.uniform')).toMatchObject({ verdict: 'fail' });
    expect(findings.find((finding) => finding.id === 'upgrade.supported')).toMatchObject({
      verdict: 'pass',
      title: '2026.1 (Gazpacho) is maintained',
    });
  });
});

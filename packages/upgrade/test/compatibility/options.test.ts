import { series } from '@groundcrew/upgrade';
import {
  compatibilityOf,
  type ConfigurationOption,
  knownBreaks,
  readConfiguration,
} from '@groundcrew/upgrade/compatibility';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const row = (name: string) => {
  const found = series.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const hop = (from: string, to: string) => ({ from: row(from), to: row(to) });
const optionsOf = (from: string, to: string, service: string, ...options: ConfigurationOption[]) =>
  compatibilityOf(hop(from, to), { options: [{ service, file: `${service}.conf`, options }] }).filter(
    ({ id }) => id === 'upgrade.compatibility-option',
  );

test('an option that is gone is told with its file and line', () => {
  const [met, ...more] = optionsOf('stein', 'train', 'nova', {
    section: 'neutron',
    name: 'url',
    value: 'http://neutron:9696',
    line: 12,
  });
  expect(more).toEqual([]);
  expect(met).toMatchObject({
    verdict: 'fail',
    title: '[neutron] url of compute is set, which is ignored from Train (2019.2) on',
    subject: { kind: 'option', id: 'nova.conf [neutron] url' },
    remedy: 'Set [neutron] endpoint_override, or leave it to the catalogue.',
  });
  expect(met?.because[0]).toMatchObject({ source: 'nova.conf:12' });
  expect(optionsOf('stein', 'train', 'nova', { section: 'cinder', name: 'url' })).toEqual([]);
  expect(optionsOf('stein', 'train', 'neutron', { section: 'neutron', name: 'url' })).toEqual([]);
});

test('a driver in a list, by its path, in the section of a backend', () => {
  const linuxbridge = (value?: string) =>
    optionsOf('caracal', 'epoxy', 'neutron', { section: 'ml2', name: 'mechanism_drivers', value }).map(
      ({ verdict }) => verdict,
    );
  expect(linuxbridge('openvswitch, linuxbridge,l2population')).toEqual(['fail']);
  expect(linuxbridge('openvswitch,linuxbridge2')).toEqual([]);
  // Another option, or the environment, says what it is.
  expect(linuxbridge('$drivers')).toEqual(['unknown']);
  expect(linuxbridge()).toEqual(['unknown']);
  const sheepdog = {
    section: 'shelf-7',
    name: 'volume_driver',
    value: 'cinder.volume.drivers.sheepdog.SheepdogDriver',
  };
  expect(optionsOf('train', 'ussuri', 'cinder', sheepdog)).toMatchObject([
    { verdict: 'fail', severity: 'critical' },
  ]);
  expect(
    optionsOf('train', 'ussuri', 'cinder', { ...sheepdog, value: 'cinder.volume.drivers.sheepdog2.X' }),
  ).toEqual([]);
});

test("a filter in a service's api-paste.ini, and not the app of the same name", () => {
  const pasted = (text: string) =>
    optionsOf('epoxy', 'gazpacho', 'nova', ...readConfiguration(text).options).map(({ title }) => title);
  expect(
    pasted('[filter:healthcheck]\nuse = egg:oslo.middleware#healthcheck\npath = /healthcheck\n'),
  ).toEqual([
    '[filter:healthcheck] use of compute is set to egg:oslo.middleware#healthcheck, which keeps the API from loading from 2026.1 (Gazpacho) on',
  ]);
  expect(
    pasted('[filter:healthcheck]\npaste.filter_factory = oslo_middleware:Healthcheck.factory\n'),
  ).toHaveLength(1);
  expect(pasted('[app:healthcheck]\nuse = egg:oslo.middleware#healthcheck\n')).toEqual([]);
});

test('what the APIs tell: extensions, hypervisors, agents', () => {
  const findings = compatibilityOf(hop('stein', 'train'), { extensions: ['lbaasv2', 'router'] });
  expect(findings[0]).toMatchObject({ verdict: 'fail', subject: { kind: 'extension', id: 'lbaasv2' } });
  const bridge = compatibilityOf(hop('caracal', 'epoxy'), {
    inventory: { agentTypes: ['Linux bridge agent'] },
  });
  expect(bridge[0]).toMatchObject({ verdict: 'fail', subject: { id: 'Linux bridge agent' } });
  const xen = compatibilityOf(hop('ussuri', 'victoria'), {
    inventory: { hypervisorTypes: ['XenServer', 'QEMU'] },
  });
  expect(xen[0]).toMatchObject({ verdict: 'fail', severity: 'critical', subject: { id: 'XenServer' } });
});

test('no value of an option, no id and no query is ever in a finding', () => {
  const all = knownBreaks(hop('queens', 'hibiscus'));
  const set = all.flatMap(({ service, signs }) =>
    (signs.options ?? []).map(({ section, name, values }) => ({
      service,
      section: section ?? 'x',
      name,
      values,
    })),
  );
  const routes = all.flatMap(({ service, signs }) => [
    ...(signs.routes ?? []).map(({ path }) => ({ service, path: `/v9${path}` })),
    ...(signs.apiVersion === undefined ? [] : [{ service, path: `/${signs.apiVersion}/tokens` }]),
  ]);
  // Such as tokens and passwords are: with digits or capitals.
  const aSecret = fc.stringMatching(/^[a-z]{3}[0-9]{4}[A-Za-z0-9_-]{8,40}$/);
  fc.assert(
    fc.property(aSecret, fc.nat(set.length - 1), fc.nat(routes.length - 1), (secret, one, other) => {
      const option = set[one];
      const route = routes[other];
      if (option === undefined || route === undefined) return;
      const first = option.values?.[0]?.replace('*', '') ?? '';
      const findings = compatibilityOf(hop('queens', 'hibiscus'), {
        options: [
          {
            service: option.service,
            file: 'x.conf',
            options: [
              {
                section: option.section,
                name: option.name,
                value: `${first}${first === '' ? '' : ','}${secret}`,
              },
            ],
          },
        ],
        requests: [
          {
            service: route.service,
            method: 'POST',
            path: `${route.path.replaceAll('{id}', secret)}/${secret}?token=${secret}`,
            microversion: 'latest',
            userAgent: `x/1 token=${secret}`,
          },
        ],
      });
      expect(JSON.stringify(findings)).not.toContain(secret);
      expect(findings.some(({ id }) => id === 'upgrade.compatibility-option')).toBe(true);
    }),
  );
});

import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { identity } from '../../src/services/identity/identity.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { Secret } from '@groundcrew/ground';
import { schemaAt } from '../../src/record/shape.ts';

const {
  applicationCredentials,
  credentials,
  domainConfig,
  endpoints,
  limits,
  projects,
  projectUserRoles,
  roleAssignments,
  tokens,
  users,
} = identity.resources;

const decode = (spec: OperationSpec, value: unknown): Record<string, unknown> => {
  const schema = spec.output === undefined ? undefined : schemaAt(spec.output, '0.0');
  return schema?.parse(value) as Record<string, unknown>;
};
const bodyOf = (spec: OperationSpec, input: unknown): unknown => {
  const { body } = serializeArguments(spec, 'it', '0.0', input);
  return body === undefined ? undefined : JSON.parse(body);
};

describe('secrets', () => {
  const answered = {
    id: 'a',
    name: 'backup',
    project_id: 'p',
    expires_at: '2027-01-01T00:00:00.000000',
    unrestricted: null,
    roles: [{ id: 'r', name: 'member', domain_id: null }],
    secret: 'hush',
  };

  test('that of a new application credential is answered wrapped', () => {
    const made = decode(applicationCredentials.operations.create, answered);
    expect(made['secret']).toBeInstanceOf(Secret);
    expect((made['secret'] as Secret).reveal()).toBe('hush');
    expect(JSON.stringify(made)).not.toContain('hush');
    expect(made['expires_at']).toBe('2027-01-01T00:00:00.000000Z');
  });

  test('passwords and keys are taken wrapped, and reach the wire', () => {
    const user = { name: 'ada', password: new Secret('hush') };
    expect(bodyOf(users.operations.create, user)).toEqual({ user: { name: 'ada', password: 'hush' } });
    const seed = { user_id: 'u', type: 'totp', blob: new Secret('seed') };
    expect(bodyOf(credentials.operations.create, seed)).toEqual({ credential: { ...seed, blob: 'seed' } });
    const config = { ldap: { url: 'ldap://127.0.0.1', password: new Secret('hush') } };
    expect(bodyOf(domainConfig.operations.update, { domain_id: 'd', config })).toEqual({
      config: { ldap: { url: 'ldap://127.0.0.1', password: 'hush' } },
    });
  });

  test.each(['validate', 'check', 'revoke'] as const)(
    '%s sends its token in a header, not in the URL',
    (name) => {
      const placed = serializeArguments(tokens.operations[name], 'it', '0.0', {
        subject_token: new Secret('t0ken'),
      });
      expect(placed.path).toBe('auth/tokens');
      expect(placed.headers).toEqual({ 'x-subject-token': 't0ken' });
      expect(placed.body).toBeUndefined();
    },
  );
});

describe('queries', () => {
  test('a switch that Keystone would take for on whatever its value is either on or left out', () => {
    const { list } = roleAssignments.operations;
    expect(serializeArguments(list, 'it', '0.0', { 'scope.project.id': 'p', effective: true }).path).toBe(
      'role_assignments?scope.project.id=p&effective=true',
    );
    expect(() => serializeArguments(list, 'it', '0.0', { effective: false })).toThrow(/effective/);
    expect(() =>
      serializeArguments(projects.operations.getTree, 'it', '0.0', { id: 'p', subtree_as_ids: false }),
    ).toThrow(/subtree_as_ids/);
  });

  test('enabled is a filter with two sides', () => {
    expect(serializeArguments(projects.operations.list, 'it', '0.0', { enabled: false }).path).toBe(
      'projects?enabled=false',
    );
  });
});

describe('answers', () => {
  test('a project that acts as a domain, and one that hangs in a tree', () => {
    const project = { id: 'p', name: 'p', domain_id: null, enabled: true, is_domain: true, parent_id: null };
    expect(decode(projects.operations.get, project)).toEqual(project);
    const tree = { ...project, subtree: { a: { b: null }, c: null } };
    expect(decode(projects.operations.getTree, tree)).toEqual(tree);
    const list = { ...project, parents: [{ project: { id: 'q', name: 'q' } }] };
    expect(decode(projects.operations.getTree, list)).toEqual(list);
  });

  test('an assignment on the system, and one by inheritance', () => {
    const { list } = roleAssignments.operations;
    const onSystem = { role: { id: 'r' }, user: { id: 'u' }, scope: { system: { all: true } } };
    expect(decode(list, onSystem)).toEqual(onSystem);
    const below = {
      role: { id: 'r' },
      group: { id: 'g' },
      scope: { domain: { id: 'd' }, 'OS-INHERIT:inherited_to': 'projects' },
    };
    expect(decode(list, below)).toEqual(below);
  });

  test('an endpoint without a region, with what no record knows', () => {
    const endpoint = {
      id: 'e',
      service_id: 's',
      interface: 'public',
      url: 'u',
      enabled: true,
      region: null,
      later: 1,
    };
    expect(decode(endpoints.operations.get, endpoint)).toEqual(endpoint);
  });

  test('limits are created several at once, and answered so', () => {
    const given = [{ service_id: 's', resource_name: 'volume', resource_limit: 10, project_id: 'p' }];
    expect(bodyOf(limits.operations.create, { limits: given })).toEqual({ limits: given });
    expect(decode(limits.operations.create, [{ id: 'l', ...given[0] }])).toHaveLength(1);
  });
});

describe('arguments', () => {
  test('an unknown attribute, which Keystone would keep silently, is refused by its name', () => {
    expect(() =>
      serializeArguments(users.operations.create, 'users.create', '0.0', { name: 'ada', enabeld: true }),
    ).toThrow(/enabeld: no such argument/);
  });

  test('giving a role has no body', () => {
    const placed = serializeArguments(projectUserRoles.operations.assign, 'it', '0.0', {
      project_id: 'p',
      user_id: 'u',
      role_id: 'r',
    });
    expect(placed).toMatchObject({ path: 'projects/p/users/u/roles/r', body: undefined });
  });
});

const operations = Object.values(identity.resources).flatMap((resource) =>
  Object.entries<OperationSpec>(resource.operations).map(
    ([name, spec]) => [`${resource.name}.${name}`, spec] as const,
  ),
);

test.each(operations)('%s takes what its path needs', (_name, spec) => {
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const issues = schemaAt(spec.input, '0.0')?.safeParse(given).error?.issues ?? [];
  expect(issues.filter(({ code }) => code === 'unrecognized_keys')).toEqual([]);
});

test('every list tells whether Keystone cut it short', () => {
  expect(operations.filter(([, spec]) => spec.page !== undefined && spec.page !== 'body-links')).toEqual([]);
});

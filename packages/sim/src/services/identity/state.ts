import { InputError } from '@groundcrew/ground';
import type { AccessRule } from './access-rules.ts';
import type { Ids } from '../../ids.ts';
import { Store } from '../../store.ts';
import type { Json } from '../../wire.ts';

/** An entity of Keystone: its id, its name and further fields. */
export interface Entity {
  readonly id: string;
  name: string;
  [field: string]: unknown;
}
export interface Domain extends Entity {
  enabled: boolean;
}
export interface Project extends Entity {
  domain_id: string;
  enabled: boolean;
}
export interface User extends Entity {
  domain_id: string;
  enabled: boolean;
}
export type Role = Entity;

/** The assignment of a role to an actor on a target. */
export interface Assignment {
  readonly role: string;
  readonly actor: { readonly kind: 'user' | 'group'; readonly id: string };
  readonly target: { readonly kind: 'project' | 'domain' | 'system'; readonly id: string };
}

export interface Token {
  readonly id: string;
  readonly user: User;
  readonly methods: readonly string[];
  readonly project: Project | undefined;
  readonly domain: Domain | undefined;
  readonly system: boolean;
  readonly roles: readonly Role[];
  readonly issued: number;
  readonly expires: number;
  readonly audit: string;
  readonly extra: Json;
  /** The access rules of the application credential, if it has some. Services let nothing else through. */
  readonly accessRules?: readonly AccessRule[] | undefined;
  revoked: boolean;
}

export interface ApplicationCredential extends Entity {
  readonly user_id: string;
  readonly project_id: string;
  readonly secret: string;
  readonly roleIds: readonly string[];
  readonly expires: number | undefined;
  readonly accessRules: readonly AccessRule[] | undefined;
}

export interface Service extends Entity {
  readonly type: string;
}

/** The state of Keystone. */
export class IdentityState {
  readonly domains = new Store<Domain>();
  readonly projects = new Store<Project>();
  readonly users = new Store<User>();
  readonly groups = new Store<Entity>();
  readonly members = new Map<string, Set<string>>();
  readonly roles = new Store<Role>();
  readonly assignments: Assignment[] = [];
  readonly passwords = new Map<string, string>();
  readonly tokens = new Map<string, Token>();
  readonly applicationCredentials = new Store<ApplicationCredential>();
  readonly trusts = new Store<Entity>();
  readonly credentials = new Store<Entity>();
  readonly regions = new Store<Entity>();
  readonly services = new Store<Service>();
  readonly endpoints = new Store<Entity>();
  readonly registeredLimits = new Store<Entity>();
  readonly limits = new Store<Entity>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  addDomain(name: string, id: string = this.#ids.keystone(), description = ''): Domain {
    return this.domains.add({ id, name, description, enabled: true, tags: [], options: {} });
  }

  addProject(name: string, fields: Json = {}): Project {
    const domain = typeof fields['domain_id'] === 'string' ? fields['domain_id'] : 'default';
    return this.projects.add({
      id: this.#ids.keystone(),
      name,
      domain_id: domain,
      description: '',
      enabled: true,
      parent_id: domain,
      is_domain: false,
      tags: [],
      options: {},
      ...fields,
    });
  }

  addUser(name: string, password: string, fields: Json = {}): User {
    const user = this.users.add({
      id: this.#ids.keystone(),
      name,
      domain_id: 'default',
      enabled: true,
      password_expires_at: null,
      options: {},
      ...fields,
    });
    this.passwords.set(user.id, password);
    return user;
  }

  addRole(name: string, options: Json = {}): Role {
    return this.roles.add({ id: this.#ids.keystone(), name, domain_id: null, description: null, options });
  }

  grant(role: string, actor: Assignment['actor'], target: Assignment['target']): void {
    if (!this.#granted(role, actor, target)) this.assignments.push({ role, actor, target });
  }

  revoke(role: string, actor: Assignment['actor'], target: Assignment['target']): boolean {
    const found = this.#granted(role, actor, target);
    if (found !== undefined) this.assignments.splice(this.assignments.indexOf(found), 1);
    return found !== undefined;
  }

  #granted(role: string, actor: Assignment['actor'], target: Assignment['target']): Assignment | undefined {
    return this.assignments.find(
      (assignment) =>
        assignment.role === role &&
        assignment.actor.kind === actor.kind &&
        assignment.actor.id === actor.id &&
        assignment.target.kind === target.kind &&
        assignment.target.id === target.id,
    );
  }

  /** @throws InputError if there is none of that name */
  role(name: string): Role {
    const role = this.roles.find((candidate) => candidate.name === name);
    if (role === undefined) throw unknownName('role', name, this.roles.values());
    return role;
  }

  /** @throws InputError if there is none of that name */
  project(name: string): Project {
    const project = this.projects.find((candidate) => candidate.name === name);
    if (project === undefined) throw unknownName('project', name, this.projects.values());
    return project;
  }

  /** Roles of a user on a target, its groups' included, and what they imply: admin, member, reader. */
  rolesOf(userId: string, target: Assignment['target']): Role[] {
    const names = new Set<string>();
    for (const assignment of this.assignments) {
      if (assignment.target.kind !== target.kind || assignment.target.id !== target.id) continue;
      const mine =
        assignment.actor.kind === 'user'
          ? assignment.actor.id === userId
          : this.members.get(assignment.actor.id)?.has(userId) === true;
      const role = mine ? this.roles.get(assignment.role) : undefined;
      if (role === undefined) continue;
      names.add(role.name);
      for (const implied of IMPLIED[role.name] ?? []) names.add(implied);
    }
    return this.roles.filter((role) => names.has(role.name));
  }
}

const unknownName = (kind: 'role' | 'project', name: unknown, among: readonly Entity[]): InputError =>
  new InputError(
    `identity.${kind}: name: there is no ${kind} ${JSON.stringify(name)}; there are ${among
      .slice(0, 20)
      .map((entity) => entity.name)
      .join(', ')}`,
    { field: 'name', operation: `identity.${kind}` },
  );

const IMPLIED: { readonly [role: string]: readonly string[] } = {
  admin: ['manager', 'member', 'reader'],
  manager: ['member', 'reader'],
  member: ['reader'],
};

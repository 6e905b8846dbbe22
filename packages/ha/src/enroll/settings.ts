import { someNames } from '../option-parts.ts';
import { z } from 'zod';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Secret } from '@groundcrew/core';
import type { Component } from '../components/define-component.ts';
import { InputError } from '@groundcrew/core';
import { sealed } from './managed-file.ts';
import type { Setting } from './topology.ts';

export interface HaSettingsOptions {
  /** Name of the secret that is the whole `connection` URL, through the balancers' address. @default it is left as it is */
  readonly database?: string | undefined;
  /** Name of the secret that is the whole `transport_url`, with all members. @default it is left as it is */
  readonly bus?: string | undefined;
  /** All of memcached: `10.0.0.1:11211`. @default left as it is */
  readonly caches?: readonly string[] | undefined;
  /** Queues on a majority of the members of RabbitMQ. Changing it needs the queues to be made anew. @default true */
  readonly quorumQueues?: boolean | undefined;
}

const settingsOptions = optionsSchema<HaSettingsOptions>({
  database: z.string().min(1).optional(),
  bus: z.string().min(1).optional(),
  caches: someNames.optional(),
  quorumQueues: z.boolean().optional(),
});

const needs = (component: Component, other: string): boolean =>
  component.needs.some((need) => need.component === other);

/**
 * The settings that a component needs to survive the failure of its database's writer and of a member of RabbitMQ: for the
 * parts that the catalogue says it needs, in the words of oslo.db, oslo.messaging and oslo.cache.
 *
 * @example
 * planEnrollment(catalogue.keystone, { settings: haSettings(catalogue.keystone), … });
 */
export function haSettings(component: Component, options: HaSettingsOptions = {}): Setting[] {
  parseArguments('haSettings', settingsOptions, options);
  const { database, bus, caches, quorumQueues = true } = options;
  const settings: Setting[] = [];
  const set = (section: string, option: string, value: string, why: string): void => {
    settings.push({ section, option, value, why });
  };
  if (needs(component, 'mariadb')) {
    if (database !== undefined)
      settings.push({ section: 'database', option: 'connection', secret: database });
    set(
      'database',
      'max_retries',
      '-1',
      'at its start it waits for the database, instead of giving up after 10 times',
    );
    set('database', 'retry_interval', '2', 'seconds; the default, 10, is longer than a failover');
    set(
      'database',
      'connection_recycle_time',
      '600',
      'below the idle limits of balancers, which cut silently',
    );
  }
  if (needs(component, 'rabbitmq')) {
    const rabbit = 'oslo_messaging_rabbit';
    if (bus !== undefined) settings.push({ section: 'DEFAULT', option: 'transport_url', secret: bus });
    if (quorumQueues)
      set(
        rabbit,
        'rabbit_quorum_queue',
        'true',
        'a queue survives the member that has it; mirrored ones are gone with 4.0',
      );
    set(
      rabbit,
      'amqp_durable_queues',
      'true',
      'exchanges survive a restart; quorum queues are durable by themselves',
    );
    set(
      rabbit,
      'heartbeat_timeout_threshold',
      '30',
      'seconds until a frozen member is left; the default is 60',
    );
    set(rabbit, 'heartbeat_rate', '3', 'times in that period');
    set(rabbit, 'kombu_reconnect_delay', '0.5', 'seconds before it connects to another member');
    set(rabbit, 'kombu_failover_strategy', 'shuffle', 'not all to the same next member');
  }
  if (needs(component, 'memcached')) {
    if (caches !== undefined) set('cache', 'memcache_servers', caches.join(','), 'all of them');
    set(
      'cache',
      'memcache_dead_retry',
      '30',
      'seconds for which one that is dead is not asked; the default is 300',
    );
  }
  if (component.mode === 'active-active')
    set(
      'oslo_middleware',
      'enable_proxy_headers_parsing',
      'true',
      'links in answers name the balancer, not the replica',
    );
  return settings;
}

/**
 * A drop-in file of oslo.config. Which secrets it holds is in its mark; their values are only where they must be.
 *
 * @throws InputError naming the secret that was not given
 */
export function renderSettings(
  settings: readonly Setting[],
  secrets: Readonly<Record<string, Secret>> = {},
): string {
  const sections = new Map<string, string[]>();
  for (const [at, { section, option, value, secret, why }] of settings.entries()) {
    const lines = sections.get(section) ?? [];
    sections.set(section, lines);
    if (why !== undefined) lines.push(`# ${why.replaceAll(/[\r\n]+/g, ' ')}`);
    lines.push(`${option} = ${value ?? revealed(secret, secrets, at)}`);
  }
  const body = [...sections].map(([section, lines]) => `[${section}]\n${lines.join('\n')}\n`).join('\n');
  return sealed('settings', settings, body);
}

/** oslo.config takes `$name` for another option's value. */
function revealed(name: string | undefined, secrets: Readonly<Record<string, Secret>>, at: number): string {
  const value = name === undefined ? undefined : secrets[name]?.reveal();
  const field = `settings.${at}.${name === undefined ? 'value' : 'secret'}`;
  const fail = (why: string): never => {
    throw new InputError(`renderSettings: ${field}: ${why}`, { field, operation: 'renderSettings' });
  };
  if (name === undefined) return fail('needs a value, or the name of a secret');
  if (value === undefined) return fail(`nobody gave the secret ${name}`);
  return /[\r\n\0]/.test(value)
    ? fail(`the secret ${name} has more than one line`)
    : value.replaceAll('$', '$$$$');
}

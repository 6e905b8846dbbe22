import { type Cloud, unlessGone } from '@groundcrew/core';
import { aFunction, anObjectWith, optionsSchema, parseArguments, visible } from '@groundcrew/ground';
import { type Implementation, implement, type Refusal, type StepContext } from '@groundcrew/runbook';
import { applyRules, hasRules } from './apply-rules.ts';
import { containerMaker } from './container-maker.ts';
import { imageMaker } from './image-maker.ts';
import type { Found, KeptBytes, Maker, Making } from './maker.ts';
import { markOf } from './mark.ts';
import { neutronMaker } from './neutron-maker.ts';
import { keypairMaker, removers, serverGroupMaker, serverMaker, volumeMaker } from './nova-makers.ts';
import { idOf, resolvedBody } from './resolve-body.ts';
import {
  connectRouter,
  type CreateInput,
  createResource,
  enableDhcp,
  fillVolume,
  type MadeKind,
  removeResource,
  setRoutes,
  setRules,
} from './restore-actions.ts';
import { RestoreError } from './restore-error.ts';
import { connected, connectedPort, disconnected, hasRoutes } from './router-parts.ts';
import type { VolumeWriter } from './volume-writer.ts';

export interface RestoreImplementationsOptions {
  /** A client in the scope of the target's project; a plan for another project is refused by every step. */
  readonly cloud: Cloud;
  /** Writes kept bytes into volumes. Without one a plan with bytes is refused by its first step that needs one. @default none */
  readonly volumes?: VolumeWriter | undefined;
  /** Opens the kept bytes of images and containers. Without it a plan is refused by the first step that makes one. @default none */
  readonly read?: KeptBytes | undefined;
}

const implementationsOptions = optionsSchema<RestoreImplementationsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  volumes: anObjectWith<VolumeWriter>('a VolumeWriter', 'write').optional(),
  read: aFunction.optional(),
});

const makers: { readonly [kind in MadeKind]: Maker } = {
  image: imageMaker,
  container: containerMaker,
  network: neutronMaker('network'),
  subnet: neutronMaker('subnet'),
  router: neutronMaker('router'),
  port: neutronMaker('port'),
  'security-group': neutronMaker('security-group'),
  'floating-ip': neutronMaker('floating-ip'),
  keypair: keypairMaker,
  'server-group': serverGroupMaker,
  volume: volumeMaker,
  server: serverMaker,
};

/**
 * Implementations of the actions of `planRestore`. What a step makes has the run and the step written on it: in tags (Neutron) or
 * metadata (Nova, Cinder, Swift). A step that was interrupted finds by them what it made, so that a kill makes no second one; undoing it
 * deletes that and nothing else.
 *
 * @example
 * const target = cloud.scoped({ project_id });
 * const { outcome } = run(plan, { approved, journal, implementations: restoreImplementations({ cloud: target }) });
 */
export function restoreImplementations(options: RestoreImplementationsOptions): readonly Implementation[] {
  parseArguments('restoreImplementations', implementationsOptions, options);
  const { cloud, volumes, read } = options;
  const makingOf = (input: CreateInput, context: StepContext): Making => ({
    cloud,
    input,
    context,
    mark: markOf(context),
    read,
  });
  const inProject = async ({ project }: { readonly project: string }, { signal }: StepContext) =>
    otherProject(project, (await cloud.token({ signal }))?.project?.id);
  const { network } = cloud;

  return [
    implement(createResource, {
      precondition: async (input, context) =>
        input.bytes !== undefined && read === undefined
          ? refusal(
              'no-bytes',
              'the plan has images or containers, and nobody was given who reads kept bytes',
            )
          : inProject(input, context),
      async done(input, context) {
        const found = await makers[input.kind].find(makingOf(input, context));
        return found?.state === 'whole' ? { id: found.id } : undefined;
      },
      async perform(input, context) {
        const making = makingOf(input, context);
        const maker = makers[input.kind];
        // The first attempt has nothing to find: a call for each thing is spared.
        const found = context.attempt > 1 ? await maker.find(making) : undefined;
        const id =
          (await usable(making, maker, found)) ?? (await maker.create(making, resolvedBody(input, context)));
        await maker.finish(making, id);
        return { id };
      },
      verify: (input, { id }, context) => makers[input.kind].verify(makingOf(input, context), id),
      async compensate(input, output, context) {
        const maker = makers[input.kind];
        const id = output?.id ?? (await maker.find(makingOf(input, context)))?.id;
        if (id !== undefined) await maker.remove(cloud, id, context);
      },
    }),

    implement(setRules, {
      precondition: inProject,
      async done({ group, rules }, context) {
        const isSo = await hasRules(cloud, idOf(group, context), rules, context);
        return isSo ? { rules: rules.length } : undefined;
      },
      async perform({ group, rules }, context) {
        await applyRules(cloud, idOf(group, context), rules, context);
        return { rules: rules.length };
      },
      async verify({ group, rules, name }, _, context) {
        if (await hasRules(cloud, idOf(group, context), rules, context)) return undefined;
        return refusal('rules', `security group ${visible(name)} has other rules than it was given`);
      },
      async compensate({ group, before }, _, context) {
        // A group that this run made goes with its rules.
        if (before !== undefined) await applyRules(cloud, idOf(group, context), before, context);
      },
    }),

    implement(connectRouter, {
      precondition: inProject,
      async done(input, context) {
        const port = await connectedPort(cloud, input, context);
        return port === undefined ? undefined : { port };
      },
      perform: (input, context) => connected(cloud, input, markOf(context), context),
      async verify(input, _, context) {
        if ((await connectedPort(cloud, input, context)) !== undefined) return undefined;
        return refusal('interface', `router ${visible(input.name)} is not connected to the subnet`);
      },
      compensate: (input, _, context) => disconnected(cloud, input, markOf(context), context),
    }),

    implement(setRoutes, {
      precondition: inProject,
      done: async ({ router, routes }, context) =>
        (await hasRoutes(cloud, idOf(router, context), routes, context)) ? null : undefined,
      async perform({ router, routes }, context) {
        const { signal } = context;
        await network.routers.update({ id: idOf(router, context), routes: [...routes] }, { signal });
        return null;
      },
      async verify({ router, routes, name }, _, context) {
        if (await hasRoutes(cloud, idOf(router, context), routes, context)) return undefined;
        return refusal('routes', `router ${visible(name)} has other routes than it was given`);
      },
      async compensate({ router }, _, context) {
        await unlessGone(() =>
          network.routers.update({ id: idOf(router, context), routes: [] }, { signal: context.signal }),
        );
      },
    }),

    implement(enableDhcp, {
      precondition: inProject,
      async done({ subnet }, context) {
        const { enable_dhcp: isOn } = await network.subnets.get(
          { id: idOf(subnet, context) },
          { signal: context.signal },
        );
        return isOn ? null : undefined;
      },
      async perform({ subnet }, context) {
        const { signal } = context;
        await network.subnets.update({ id: idOf(subnet, context), enable_dhcp: true }, { signal });
        return null;
      },
      async compensate({ subnet }, _, context) {
        await unlessGone(() =>
          network.subnets.update(
            { id: idOf(subnet, context), enable_dhcp: false },
            { signal: context.signal },
          ),
        );
      },
    }),

    implement(fillVolume, {
      precondition: async (input, context) =>
        volumes === undefined
          ? refusal('no-writer', 'the plan has volumes with bytes, and nobody was given who writes them')
          : inProject(input, context),
      async done({ volume, name, bytes }, context) {
        const written = await volumes?.written?.(
          { id: idOf(volume, context), name },
          bytes,
          writing(context),
        );
        return written === undefined ? undefined : { bytes: written };
      },
      async perform({ volume, name, bytes }, context) {
        if (volumes === undefined)
          throw new RestoreError('restore.no-writer', 'nobody was given who writes the bytes of volumes');
        const { bytes: written } = await volumes.write(
          { id: idOf(volume, context), name },
          bytes,
          writing(context),
        );
        return { bytes: written };
      },
      async verify({ bytes, name }, output) {
        if (output.bytes === bytes.size) return undefined;
        return refusal(
          'short',
          `${output.bytes} of ${bytes.size} bytes were written into volume ${visible(name)}`,
        );
      },
      // The volume itself is undone by the step that made it.
      compensate: async () => {},
    }),

    implement(removeResource, {
      precondition: inProject,
      async perform({ kind, id }, context) {
        await removers[kind](cloud, id, context);
        return null;
      },
    }),
  ];
}

/** What an earlier attempt made, if it is of use; what is broken is deleted first, so that there are never two. */
async function usable(making: Making, maker: Maker, found: Found | undefined): Promise<string | undefined> {
  if (found?.state !== 'broken') return found?.id;
  await maker.remove(making.cloud, found.id, making.context);
  return undefined;
}

const otherProject = (planned: string, actual: string | undefined): Refusal | undefined =>
  planned === actual
    ? undefined
    : {
        code: 'restore.other-project',
        reason: `the plan is for project ${planned}, and the client is of ${actual ?? 'none'}`,
        remedy: `Use cloud.scoped({ project_id: '${planned}' }).`,
      };

const refusal = (code: string, reason: string): Refusal => ({
  code: `restore.${code}`,
  reason,
  remedy: undefined,
});

const writing = ({ signal, key, attempt, progress }: StepContext) => ({
  signal,
  key,
  attempt,
  progress: (written: number): void => progress('written', { bytes: written }),
});

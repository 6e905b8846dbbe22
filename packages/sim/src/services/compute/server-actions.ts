import { accepted, type Answer } from '../../answer.ts';
import type { Call, Handler } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { type Json, record } from '../../wire.ts';
import { findServer, requireState, requireUnlocked, startTask } from './lifecycle.ts';
import type { Server } from './server.ts';
import type { InstanceAction } from './state.ts';

export const actionKey = (name: string): string => `POST servers/{id}/action#${name}`;

interface ActionOptions {
  /** Nova's name of the action, in messages and in the list of instance actions. */
  readonly name: string;
  readonly states?: readonly string[];
  /** The action is allowed while another task runs. */
  readonly anytime?: true;
  /** The policy rule of an action that only administrators may ask for. */
  readonly rule?: string;
  /** The action is allowed on a locked server. */
  readonly evenLocked?: true;
}

/** Makes the handler of an action: it finds the server, checks role, lock and state, records the action, and runs it. */
export function action(
  options: ActionOptions,
  run: (call: Call, server: Server, given: Json, entry: InstanceAction) => Answer | void,
): Handler {
  return (call) => {
    if (options.rule !== undefined && !call.admin) {
      findServer(call);
      throw forbidden(options.rule, 'policy');
    }
    const server = findServer(call);
    if (options.evenLocked !== true) requireUnlocked(call, server);
    requireState(server, options.name, options.states, options.anytime !== true);
    const given = record(Object.values(record(call.body))[0]);
    const entry: InstanceAction = {
      request_id: call.requestId,
      action: options.name,
      user_id: call.userId,
      project_id: call.projectId,
      start: call.now,
      host: server.host,
      finish: null,
      message: null,
    };
    const answer = run(call, server, given, entry);
    const { actions } = call.state.compute;
    actions.set(server.id, [...(actions.get(server.id) ?? []), entry]);
    return answer ?? accepted();
  };
}

/** Makes the handler of an action that changes the state of a server by a task. */
export function transition(
  name: string,
  states: readonly string[],
  task: string,
  end: { vm: string; power: number },
): Handler {
  return action({ name, states }, (call, server, _given, entry) => {
    startTask(
      call.state,
      server,
      task,
      call.state.settings.timing.action,
      () => {
        // libvirt neither pauses nor suspends a guest that is off.
        if (server.hasShutDown && end.vm !== 'stopped') entry.message = 'Error';
        else Object.assign(server, { vm_state: end.vm, power_state: end.power });
      },
      entry,
    );
  });
}

export const SNAPSHOT_STATES = ['active', 'stopped', 'paused', 'suspended'];

import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args } from '../../record/shape.ts';

/** Kinds of resources that can be logged (extension `logging`). Administrators only. */
export const loggableResources = resource({
  name: 'loggableResources',
  operations: {
    /** Iterate over kinds, in one answer. */
    list: operation({
      verb: 'GET',
      path: 'log/loggable-resources',
      receive: 'loggable_resources',
      page: 'none',
      input: args({}),
      output: answer({ type: z.string() }),
    }),
  },
});

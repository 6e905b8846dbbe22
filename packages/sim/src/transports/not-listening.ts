import { InputError } from '@groundcrew/ground';

/** The refusal of a port or an address that another program has, or that this one may not take. */
export const notListening = (operation: string, port: number, cause: Error): InputError =>
  new InputError(`${operation}: port: cannot listen on ${port}: ${cause.message}`, {
    field: 'port',
    operation,
    remedy: 'Give another port; 0 takes any that is free.',
    cause,
  });

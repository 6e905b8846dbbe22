import { findSecrets } from '@groundcrew/ground';

/**
 * Tells whether a text has a secret, by the name before it or by its own shape. The path of a file is none: services log their
 * options at the start, among them Octavia's `ca_private_key = /etc/…/ca.key`.
 */
export const hasSecret = (text: string): boolean =>
  findSecrets(text).some(
    ({ kind, start, end }) => kind !== 'named' || !FILE_PATH.test(text.slice(start, end)),
  );

const FILE_PATH = /^\/(?:etc|var|opt|usr|run|home|root|srv)(?:\/[\w.@-]{1,128}){1,32}$/;

import { Secret } from '@groundcrew/ground';

/** Keys whose values are wrapped where they are read, before anything else looks at them. */
const secretKeys = new Set([
  'password',
  'token',
  'auth_token',
  'application_credential_secret',
  'passcode',
  'access_token',
  'client_secret',
  'openid_secret',
  'consumer_secret',
  'access_secret',
]);

/** The value of a key, hidden if the key is one of a secret. */
export const hidden = (key: string, value: string): string | Secret =>
  secretKeys.has(key) ? new Secret(value) : value;

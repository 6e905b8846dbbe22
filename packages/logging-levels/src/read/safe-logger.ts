import { maskText } from '@groundcrew/ground';

/**
 * The name of a logger as every report shows it. JSON and a journal take any text for one, so that it may hold a secret: that is
 * masked.
 */
export const safeLogger = (name: string): string => (PLAIN.test(name) ? name : maskText(name));

const PLAIN = /^[\w.-]{0,255}$/;

import { blocksIn } from './blocks-in.ts';

/**
 * The places of private keys, between their first and last line: PEM (RFC 7468), OpenSSH's and PGP's; also one that was cut
 * off, and one whose line feeds are escaped.
 */
export const privateKeysIn = (text: string): [start: number, end: number][] => blocksIn(text, PRIVATE_KEY);

const PRIVATE_KEY = {
  begin: /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
  end: '-----END',
  longest: 65_536,
  /** RSA of 16,384 bits has 12,700 characters. */
  longestCut: 16_384,
};

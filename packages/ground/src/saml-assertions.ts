import { blocksIn } from './blocks-in.ts';

/**
 * The places of SAML assertions, which log in whoever has them while they are valid (SAML 2.0 core, 2.3.3), between their first
 * tag and their last; Keystone takes them as XML.
 */
export const samlAssertionsIn = (text: string): [start: number, end: number][] => blocksIn(text, ASSERTION);

const ASSERTION = {
  begin: /<(?:[\w-]{1,32}:)?Assertion[ >]/g,
  end: 'Assertion>',
  longest: 65_536,
  longestCut: 65_536,
};

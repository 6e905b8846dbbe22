export {
  type Evidence,
  type Finding,
  finding,
  overall,
  type Severity,
  type Subject,
  type Tally,
  tally,
  type Verdict,
  worstFirst,
} from './finding.ts';
export { unseen, type Unseen, type UnseenSubject } from './unseen.ts';

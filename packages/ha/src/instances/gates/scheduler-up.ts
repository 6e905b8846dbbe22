import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'scheduler-up', onMissing: 'open' });

/** Can anything be placed? Without a scheduler every evacuation fails after the power was cut. */
export const schedulerUp: Gate = {
  id: 'scheduler-up',
  question: 'Is a nova-scheduler up?',
  scope: 'cycle',
  onMissing: 'open',
  why: 'That the question failed says nothing about schedulers, and a failed evacuation is tried again.',
  judge({ cloud: { schedulers } }) {
    if (schedulers === undefined) return [say.missing('the schedulers could not be read')];
    const up = schedulers.filter((scheduler) => scheduler.up).length;
    const words = `${up} of ${schedulers.length} schedulers are up`;
    return [up === 0 ? say.closed(words) : say.open(words)];
  },
};

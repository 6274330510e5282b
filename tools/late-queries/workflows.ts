import { condition, defineQuery, defineSignal, setHandler, sleep } from '@temporalio/workflow';

/** Has heard one word when it looks: it sleeps. Two: it does not. Its history tells whether both came in one step. */
export async function listener(): Promise<number> {
  let heard = 0;
  setHandler(defineSignal('say'), () => {
    heard += 1;
  });
  setHandler(defineQuery('heard'), () => heard);
  await condition(() => heard > 0);
  if (heard === 1) await sleep(1);
  return heard;
}

/** Keeps a worker's thread busy for so many rounds. */
export async function hog(rounds: number): Promise<number> {
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) sum = (sum * 31 + round) % 1_000_003;
  return sum;
}

/** Numbers in [0, 1) that look random and are the same for the same seed (a linear congruence, its high bits). */
export function seededFraction(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

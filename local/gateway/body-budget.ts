/** What the bodies of all requests in flight may take up together. */
export interface BodyBudget {
  /** True when `bytes` more would fit at the moment. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** A share for one request, empty at first. */
  readonly open: () => BodyShare;
}

/** What one request takes up. */
export interface BodyShare {
  /** Adds to it; false, and nothing is added, when that does not fit. */
  readonly take: (bytes: number) => boolean;
  /** Gives all of it back. */
  readonly giveBack: () => void;
}

/** A budget of `bytesMax`. Counted is what has arrived, not what was announced: announcing costs a caller nothing. */
export function createBodyBudget(bytesMax: number): BodyBudget {
  let taken = 0;
  const hasRoomFor = (bytes: number): boolean => taken + bytes <= bytesMax;
  const open = (): BodyShare => {
    let mine = 0;
    return {
      take: (bytes) => {
        if (!hasRoomFor(bytes)) return false;
        taken += bytes;
        mine += bytes;
        return true;
      },
      giveBack: () => {
        taken -= mine;
        mine = 0;
      },
    };
  };
  return { hasRoomFor, open };
}

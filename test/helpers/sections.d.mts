/** Scripts that leave threads behind, by what these do. Their hub has mc and pm. */
export const LIVE: Readonly<Record<string, string>>;
/** Scripts with a function hang() that never returns, by where it hangs: in lines marked "here". */
export const HANGS: Readonly<Record<string, string>>;

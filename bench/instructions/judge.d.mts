/** Instructions of a call, and of its floor. */
interface Counts {
  subject: number;
  floor: number;
}
export const LIMITS: Readonly<Record<"same" | "other", number>>;
export function judge(
  counted: Counts,
  kept: Counts,
  sameTools: boolean,
): { change: number; passed: boolean };

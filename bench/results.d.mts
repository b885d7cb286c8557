type Spread = Record<"median" | "min" | "max", number>;

interface Trial {
  kind: string;
  goal?: { ratio: number } | { value: number };
  peers?: number;
}

type Figures = Record<string, number>;

interface Peer {
  name: string;
  version: string | null;
  why: string | null;
  figures: number[];
}

interface Result {
  met?: boolean;
  ratio?: Spread;
  peers?: { name: string; faster?: number; why?: string | null }[];
  points?: { x: number; lines: Record<string, Spread> }[];
}

export function judge(trial: Trial, figures: Figures[] | Figures[][], ofPeers: Peer[]): Result;

// The number that a tab has in the name of its stream, from when it is first shared until it is closed.

export type Numbers = Readonly<Record<string, number>>;

/** The numbers with one for this tab: the one that it has, else the smallest that is free. */
export function numbered(numbers: Numbers, tab: number): Numbers {
  if (numbers[tab] !== undefined) return numbers;
  const taken = new Set(Object.values(numbers));
  let free = 1;
  while (taken.has(free)) free += 1;
  return { ...numbers, [tab]: free };
}

export function without(numbers: Numbers, tab: number): Numbers {
  return Object.fromEntries(Object.entries(numbers).filter(([key]) => key !== String(tab)));
}

export function sourceOf(name: string, number: number): string {
  return `${name}-${number}`;
}

// Steps and flows as they are written for people.

export const flowOf = (step) => step.split("/")[0];
export const nameOf = (step) => step.split("/")[1];
export const words = (name) => name.replaceAll("_", " ");
export const sentence = (name) => words(name).replace(/^./, (letter) => letter.toUpperCase());

// titleOf("person/busy") is "Person: busy".
export const titleOf = (step) => `${sentence(flowOf(step))}: ${words(nameOf(step))}`;

// Asks the server about a sentence; what goes wrong is an `error` in words.

export async function asksSentence(what, fields) {
  try {
    const answer = await fetch(`sentences/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    return await answer.json();
  } catch {
    return { error: "The server does not answer. What you typed is still here: try again when it runs." };
  }
}

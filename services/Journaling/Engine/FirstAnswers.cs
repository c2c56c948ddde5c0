namespace CarbonMarket.Journaling;

/// <summary>
/// Answers repeats whose first answer is no longer in memory, from the journal. Off the writer: what is asked for is
/// committed and does not change. A client that sends a whole batch again asks for neighbours, so near ones are read
/// together.
/// </summary>
internal static class FirstAnswers<TState, TCommand, TEvent>
    where TCommand : notnull
    where TEvent : notnull
{
    public static async Task Release(
        IJournal journal, List<(CommandRequest<TState, TCommand, TEvent> Request, KnownCommand First)> repeats, int page)
    {
        repeats.Sort((left, right) => left.First.FirstVersion.CompareTo(right.First.FirstVersion));
        for (var from = 0; from < repeats.Count;)
        {
            var to = from + 1;
            while (to < repeats.Count && repeats[to].First.LastVersion - repeats[from].First.FirstVersion < page)
                to++;
            await Release(journal, repeats[from..to]);
            from = to;
        }
    }

    private static async Task Release(
        IJournal journal, List<(CommandRequest<TState, TCommand, TEvent> Request, KnownCommand First)> neighbours)
    {
        try
        {
            var start = neighbours[0].First.FirstVersion;
            var events = await journal.Read(start, neighbours.Max(repeat => repeat.First.LastVersion), CancellationToken.None);
            foreach (var (request, first) in neighbours)
            {
                request.Prepared = Outcome(first, events.Skip((int)(first.FirstVersion - start)).Take(first.Events));
                request.Release();
            }
        }
        catch (Exception exception)
        {
            var unavailable = new EngineUnavailableException("The first answer could not be read; ask again.", exception);
            neighbours.ForEach(repeat => repeat.Request.Fail(unavailable));
        }
    }

    private static Outcome<TEvent> Outcome(KnownCommand first, IEnumerable<JournaledEvent> events)
    {
        var journaled = events.ToList();
        if (journaled.Count != first.Events || journaled.Any(e => e.Mark != first.Mark))
            throw new InvalidDataException($"Versions {first.FirstVersion}-{first.LastVersion} do not hold command {first.Mark.Id}.");
        return journaled[0].Data is CommandRefused refused
            ? new Outcome<TEvent>.Rejected(refused.Code, refused.Reason, IsRepeat: true)
            : new Outcome<TEvent>.Accepted([.. journaled.Select(e => (TEvent)e.Data)], first.LastVersion, IsRepeat: true);
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace CarbonMarket.Journaling;

/// <summary>Committed commands as the journal's rows tell them: neighbours of one command id are one command.</summary>
internal static class JournalPast
{
    /// <param name="after">Where the reader stands; within a command, the rest of that command comes first.</param>
    /// <param name="to">A version at which a command ends.</param>
    /// <param name="page">Events read at a time.</param>
    public static async IAsyncEnumerable<CommittedCommand> Read(
        IJournal journal, long after, long to, int page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (command, first, recordedAt) = (Guid.Empty, after + 1, default(DateTimeOffset));
        var events = ImmutableArray.CreateBuilder<object>();
        for (var from = after + 1; from <= to; from += page)
        {
            foreach (var journaled in await journal.Read(from, Math.Min(from + page - 1, to), cancellationToken))
            {
                if (journaled.Version != first + events.Count)
                    throw new InvalidDataException($"The journal goes from version {first + events.Count - 1} to {journaled.Version}: events are missing.");
                if (events.Count > 0 && journaled.Mark.Id != command)
                {
                    yield return Committed();
                    first = journaled.Version;
                }
                (command, recordedAt) = (journaled.Mark.Id, journaled.RecordedAt);
                events.Add(journaled.Data);
            }
        }
        if (first + events.Count != to + 1)
            throw new InvalidDataException($"The journal ends at version {first + events.Count - 1}; {to} was committed.");
        if (events.Count > 0)
            yield return Committed();

        CommittedCommand Committed() => new(command, first, events.DrainToImmutable()) { RecordedAt = recordedAt };
    }
}

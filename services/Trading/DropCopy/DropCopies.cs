using System.Runtime.CompilerServices;
using CarbonMarket.Journaling;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Marten;
using Marten.Events;

namespace CarbonMarket.Trading.DropCopy;

/// <summary>What a consumer of a drop copy is sent.</summary>
public abstract record DropCopyItem
{
    private DropCopyItem()
    {
    }

    /// <param name="Version">Of the market's journal: the fact's own.</param>
    /// <param name="PreviousVersion">Of the item before, or where the consumer said it stood; one that knows another has missed something.</param>
    /// <param name="Type">Name of the fact, as it is stored.</param>
    /// <param name="Data">The fact itself, with the members of its type; of a trade a participant is told its own side.</param>
    public sealed record Copy(long Version, long PreviousVersion, string Type, object Data) : DropCopyItem;

    /// <summary>There is nothing more for the consumer up to this version.</summary>
    /// <inheritdoc cref="Copy" path="/param"/>
    public sealed record Reached(long Version, long PreviousVersion) : DropCopyItem;

    /// <param name="Reason">One of <see cref="EndReason"/>.</param>
    public sealed record End(string Reason) : DropCopyItem;
}

/// <summary>
/// Copies of the journal as it is written (成交回报抄送): all of it for supervisors, its own facts for a participant. Read
/// at the consumer's pace; one that is behind is read from the store, so nothing waits for it and nothing is lost to it.
/// </summary>
public sealed class DropCopies(IDocumentStore store, StreamingOptions options)
{
    /// <summary>A consumer whom nothing concerns is told after so many versions how far it has come.</summary>
    private const int VersionsUntilTold = 10_000;

    private readonly EventGraph _names = store.Options.Events as EventGraph
        ?? throw new NotSupportedException("This release of Marten keeps its event mappings elsewhere.");

    /// <param name="participant">Null: everybody's.</param>
    /// <param name="after">The consumer has everything up to this version.</param>
    internal async IAsyncEnumerable<DropCopyItem> Follow(
        Venue venue, Guid? participant, long after, StreamLife life, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(life.Ended, cancellationToken);
        await using var commands = venue.Engine.Follow(after, over.Token).GetAsyncEnumerator(over.Token);
        var (told, reached, next) = (after, after, Next(commands));
        var end = EndReason.NotServed;
        try
        {
            yield return new DropCopyItem.Reached(told, told);
            while (true)
            {
                var came = await Comes(next, options.Heartbeat);
                if (came == Arrival.Command)
                {
                    foreach (var copy in Copies(commands.Current, participant, reached))
                    {
                        yield return copy with { PreviousVersion = told };
                        told = copy.Version;
                    }
                    reached = commands.Current.LastVersion;
                    next = Next(commands);
                }
                if (came == Arrival.None || reached - told >= VersionsUntilTold)
                {
                    yield return new DropCopyItem.Reached(reached, told);
                    told = reached;
                }
                if (came == Arrival.End)
                    break;
            }
            cancellationToken.ThrowIfCancellationRequested();
            end = life.Ended.IsCancellationRequested ? life.Reason : end;
        }
        finally
        {
            // The reading may still wait for what comes next; it must have ended before it is disposed of.
            await over.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        yield return new DropCopyItem.End(end);
    }

    private enum Arrival
    {
        None,
        Command,
        End,
    }

    private static Task<bool> Next(IAsyncEnumerator<CommittedCommand> commands) => commands.MoveNextAsync().AsTask();

    private static async Task<Arrival> Comes(Task<bool> next, TimeSpan within)
    {
        try
        {
            return await next.WaitAsync(within, TimeProvider.System) ? Arrival.Command : Arrival.End;
        }
        catch (TimeoutException)
        {
            return Arrival.None;
        }
        catch (Exception exception) when (exception is EngineUnavailableException or OperationCanceledException)
        {
            return Arrival.End;
        }
    }

    private IEnumerable<DropCopyItem.Copy> Copies(CommittedCommand command, Guid? participant, long after)
    {
        for (var i = 0; i < command.Events.Length; i++)
        {
            var (version, fact) = (command.FirstVersion + i, command.Events[i]);
            if (version > after && (participant is { } own ? OwnFacts.Of(fact, own) : SupervisedFacts.Of(fact)) is { } data)
                yield return new DropCopyItem.Copy(version, after, _names.EventMappingFor(fact.GetType()).EventTypeName, data);
        }
    }
}

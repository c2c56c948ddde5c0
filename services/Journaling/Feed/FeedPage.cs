using System.Collections.Immutable;

namespace CarbonMarket.Journaling;

/// <summary>What the feed has for a reader.</summary>
public abstract record FeedPage
{
    private FeedPage()
    {
    }

    /// <param name="Commands">In the order of the journal, without a gap. The first may have begun before the version asked for.</param>
    public sealed record Committed(ImmutableArray<CommittedCommand> Commands) : FeedPage;

    /// <summary>The reader is too far behind: what it asks for is in the journal and no longer here.</summary>
    /// <param name="KeptAfter">The feed has everything above this version. A command ends at it.</param>
    public sealed record Lagging(long KeptAfter) : FeedPage;
}

using System.Collections.Immutable;

namespace CarbonMarket.Journaling;

/// <summary>What came of a command, told only after it is durable.</summary>
public abstract record Outcome<TEvent>
    where TEvent : notnull
{
    private Outcome()
    {
    }

    /// <summary>True when this command id had been answered before and this is that answer again.</summary>
    public abstract bool IsRepeat { get; init; }

    /// <param name="Events">The facts the command led to; empty when it changed nothing.</param>
    /// <param name="Version">The journal's version with the last of them (where nothing changed: the version seen).</param>
    /// <param name="IsRepeat"><inheritdoc cref="Outcome{TEvent}.IsRepeat" path="/summary"/></param>
    public sealed record Accepted(ImmutableArray<TEvent> Events, long Version, bool IsRepeat) : Outcome<TEvent>;

    /// <param name="Code">The refusal's stable code; <see cref="RefusalCodes.CommandIdReused"/> is the engine's own.</param>
    /// <param name="Reason">English; names the limit and the value that broke it.</param>
    /// <param name="IsRepeat"><inheritdoc cref="Outcome{TEvent}.IsRepeat" path="/summary"/></param>
    public sealed record Rejected(string Code, string Reason, bool IsRepeat) : Outcome<TEvent>;
}

/// <summary>Refusals that no model decides.</summary>
public static class RefusalCodes
{
    /// <summary>The command id has been used for a command with other content.</summary>
    public const string CommandIdReused = "command-id-reused";
}

using System.Collections.Immutable;

namespace CarbonMarket.Kernel;

/// <summary>
/// What every <c>Decide</c> returns: the facts that now hold (perhaps none, because they held already), or a refusal
/// with a code that is part of the API.
/// </summary>
public abstract record Decision<TEvent>
{
    private Decision()
    {
    }

    public static Decision<TEvent> Accept(params ReadOnlySpan<TEvent> events) => new Accepted([.. events]);

    public static Decision<TEvent> Accept(ImmutableArray<TEvent> events) => new Accepted(events);

    public static Decision<TEvent> Reject(string code, string reason) => new Rejected(code, reason);

    /// <inheritdoc cref="Rejected.Passes"/>
    public static Decision<TEvent> RejectForNow(string code, string reason) => new Rejected(code, reason) { Passes = true };

    public static Decision<TEvent> Reject(string code, string reason, ImmutableArray<TEvent> facts) => new Rejected(code, reason) { Facts = facts };

    public sealed record Accepted(ImmutableArray<TEvent> Events) : Decision<TEvent>;

    /// <param name="Code">Stable, kebab-case, one per rule.</param>
    /// <param name="Reason">English; names the limit and the value that broke it.</param>
    public sealed record Rejected(string Code, string Reason) : Decision<TEvent>
    {
        /// <summary>
        /// What holds because it was asked for and refused: somebody has tried. Usually nothing. The journaled engine stores
        /// these beside the refusal; streams of single things have no use for them.
        /// </summary>
        public ImmutableArray<TEvent> Facts { get; init; } = [];

        /// <summary>
        /// It says how things stand at this moment and nothing else: it is not journaled and answers for nothing later. Usually a
        /// refusal is remembered, and the same command is refused again.
        /// </summary>
        public bool Passes { get; init; }
    }
}

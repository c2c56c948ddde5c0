using System.Text.Json;
using CarbonMarket.Kernel;
using Shouldly;

namespace CarbonMarket.Testing;

/// <summary>
/// Given these facts, when this is asked, then these facts follow. Works on any pure decider:
/// <code>
/// private static readonly Spec&lt;Holding, HoldingCommand, HoldingEvent&gt; Spec =
///     new(() => Holding.Initial(Id), (state, command) => state.Decide(command), (state, e) => state.Evolve(e));
/// Spec.Given(credited).When(reserve).Then(reserved);
/// </code>
/// Every <c>Then</c> repeats the command on the state it led to and demands that nothing more happens.
/// </summary>
public sealed class Spec<TState, TCommand, TEvent>(
    Func<TState> initial, Func<TState, TCommand, Decision<TEvent>> decide, Func<TState, TEvent, TState> evolve)
    where TEvent : notnull
{
    private bool RepeatsReachTheDecider { get; init; } = true;

    /// <summary>
    /// For deciders run by the journaled engine, which knows every command by its id and answers a repeat itself: their
    /// <c>Decide</c> never sees the same command twice.
    /// </summary>
    public Spec<TState, TCommand, TEvent> WhereTheJournalAnswersRepeats() =>
        new(initial, decide, evolve) { RepeatsReachTheDecider = false };

    public Facts Given(params IEnumerable<TEvent> events) => new(this, [.. events]);

    public sealed class Facts
    {
        private readonly Spec<TState, TCommand, TEvent> spec;
        private readonly TEvent[] events;

        internal Facts(Spec<TState, TCommand, TEvent> spec, TEvent[] events) => (this.spec, this.events) = (spec, events);

        public Answer When(TCommand command) => new(spec, events, command);

        /// <summary>Commands that led here, where naming their events would hide the point of the test.</summary>
        public Facts After(params IEnumerable<TCommand> commands) =>
            new(spec, [.. commands.Aggregate(events, (facts, command) => [.. facts, .. spec.Followed(facts, command)])]);
    }

    public sealed class Answer
    {
        private readonly Spec<TState, TCommand, TEvent> spec;
        private readonly TEvent[] given;
        private readonly TCommand command;

        internal Answer(Spec<TState, TCommand, TEvent> spec, TEvent[] given, TCommand command)
        {
            (this.spec, this.given, this.command) = (spec, given, command);
            Decision = spec.Decide(given, command);
        }

        public Decision<TEvent> Decision { get; }

        /// <summary>Exactly these events, in this order; without any: the command was welcome and changed nothing.</summary>
        public void Then(params IEnumerable<TEvent> expected) => Then([.. expected], repeats: spec.RepeatsReachTheDecider);

        /// <summary>As <see cref="Then(IEnumerable{TEvent})"/> for a command that does happen again when it is sent again.</summary>
        /// <param name="because">Why a repeat is not a repeat here.</param>
        public void ThenEachTime(string because, params IEnumerable<TEvent> expected)
        {
            because.ShouldNotBeNullOrWhiteSpace();
            Then([.. expected], repeats: false);
        }

        public void ThenNothing() => Then();

        /// <summary>For decisions with many events, where the test is about what they add up to.</summary>
        public void ThenEvents(Action<IReadOnlyList<TEvent>> check)
        {
            var events = spec.Accepted(given, command);
            check(events);
            if (spec.RepeatsReachTheDecider)
                DemandNothingMore(events);
        }

        public void ThenState(Action<TState> check) => check(spec.Replay([.. given, .. spec.Accepted(given, command)]));

        public void ThenRejected(string code)
        {
            var rejected = Decision.ShouldBeOfType<Decision<TEvent>.Rejected>($"Expected refusal '{code}', but was: {Show(Decision)}");
            rejected.Code.ShouldBe(code, rejected.Reason);
            rejected.Reason.ShouldNotBeNullOrWhiteSpace("A refusal says which limit was broken by which value.");
        }

        /// <summary>Refused in these words, where the test is about what is told.</summary>
        public void ThenRejected(string code, string reason)
        {
            ThenRejected(code);
            ((Decision<TEvent>.Rejected)Decision).Reason.ShouldBe(reason);
        }

        /// <summary>Refused, and exactly these facts hold because of it.</summary>
        public void ThenRejected(string code, params IEnumerable<TEvent> facts)
        {
            ThenRejected(code);
            var (left, expected) = (((Decision<TEvent>.Rejected)Decision).Facts.ToArray(), facts.ToArray());
            Same(left, expected).ShouldBeTrue($"Expected:\n{Show(expected)}\nbut was:\n{Show(left)}");
        }

        private void Then(TEvent[] expected, bool repeats)
        {
            var events = spec.Accepted(given, command);
            Same(events, expected).ShouldBeTrue($"Expected:\n{Show(expected)}\nbut was:\n{Show(events)}");
            if (repeats)
                DemandNothingMore(events);
        }

        private void DemandNothingMore(TEvent[] events)
        {
            var again = spec.Decide([.. given, .. events], command);
            again.ShouldBeOfType<Decision<TEvent>.Accepted>($"The same command again was refused: {Show(again)}")
                .Events.ShouldBeEmpty($"The same command again led to further events: {Show(again)}");
        }
    }

    private TState Replay(IEnumerable<TEvent> events) => events.Aggregate(initial(), evolve);

    private Decision<TEvent> Decide(TEvent[] given, TCommand command)
    {
        var state = Replay(given);
        var decision = decide(state, command);
        var second = decide(state, command);
        Show(second).ShouldBe(Show(decision), "Deciding changed the state or read something beside it.");
        return decision;
    }

    private TEvent[] Accepted(TEvent[] given, TCommand command) => Decide(given, command) is Decision<TEvent>.Accepted accepted
        ? [.. accepted.Events]
        : throw new ShouldAssertException($"{command} was refused: {Show(Decide(given, command))}");

    /// <summary>What came of a command that was accepted, or that was refused and left facts all the same.</summary>
    private IEnumerable<TEvent> Followed(TEvent[] given, TCommand command) =>
        Decide(given, command) is Decision<TEvent>.Rejected { Facts.IsEmpty: false } rejected ? rejected.Facts : Accepted(given, command);

    private static bool Same(TEvent[] left, TEvent[] right) =>
        left.Length == right.Length && left.Zip(right).All(pair => Same(pair.First, pair.Second));

    private static bool Same(TEvent left, TEvent right) =>
        left.Equals(right) || string.Equals(Text(left), Text(right), StringComparison.Ordinal);

    private static string Show(Decision<TEvent> decision) => decision switch
    {
        Decision<TEvent>.Accepted accepted => Show(accepted.Events),
        Decision<TEvent>.Rejected { Facts.IsEmpty: false } rejected => $"  refused ({rejected.Code}): {rejected.Reason}\n{Show(rejected.Facts)}",
        Decision<TEvent>.Rejected rejected => $"  refused ({rejected.Code}): {rejected.Reason}",
        _ => decision.ToString()!,
    };

    private static string Show(IEnumerable<TEvent> events)
    {
        var lines = events.Select(e => "  " + Text(e)).ToArray();
        return lines.Length == 0 ? "  (no events)" : string.Join('\n', lines);
    }

    // Records that hold collections are equal only when they hold the same collection object; their text compares by content.
    private static string Text(TEvent e) => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())}";
}

using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;

namespace CarbonMarket.Local.Tests.Testing;

/// <summary>The harness that guards every decider must itself be seen to fail.</summary>
public sealed class SpecTests
{
    private static readonly Spec<Till, Command, Event> Careful = new(
        () => new Till([], 0), (till, command) => till.Decide(command), (till, e) => till.Evolve(e));

    private static readonly Spec<Till, Command, Event> Forgetful = new(
        () => new Till([], 0),
        (_, command) => Decision<Event>.Accept(new Event(command.Id, command.Amount, ["paid"])),
        (till, e) => till.Evolve(e));

    [Fact]
    public void Events_are_compared_by_content_even_when_they_hold_collections() =>
        Careful.Given().When(new(1, 10)).Then(new Event(1, 10, ["paid"]));

    [Fact]
    public void A_repeat_that_was_given_changes_nothing() =>
        Careful.Given(new Event(1, 10, ["paid"])).When(new(1, 10)).ThenNothing();

    [Fact]
    public void A_refusal_is_known_by_its_code() => Careful.Given().When(new(1, 0)).ThenRejected("nothing-paid");

    [Fact]
    public void Other_events_than_expected_are_shown() =>
        Should.Throw<ShouldAssertException>(() => Careful.Given().When(new(1, 10)).Then(new Event(1, 11, ["paid"])))
            .Message.ShouldContain("\"Amount\":11");

    [Fact]
    public void A_decider_that_does_twice_what_was_asked_twice_is_caught() =>
        Should.Throw<ShouldAssertException>(() => Forgetful.Given().When(new(1, 10)).Then(new Event(1, 10, ["paid"])))
            .Message.ShouldContain("The same command again led to further events");

    [Fact]
    public void Where_the_journal_answers_repeats_the_decider_need_not() =>
        Forgetful.WhereTheJournalAnswersRepeats().Given().When(new(1, 10)).Then(new Event(1, 10, ["paid"]));

    [Fact]
    public void A_decider_that_reads_more_than_its_state_is_caught()
    {
        var calls = 0;
        var fickle = new Spec<Till, Command, Event>(
            () => new Till([], 0), (_, command) => Decision<Event>.Accept(new Event(command.Id, ++calls, [])), (till, e) => till.Evolve(e));

        Should.Throw<ShouldAssertException>(() => fickle.Given().When(new(1, 10)).ThenNothing())
            .Message.ShouldContain("read something beside it");
    }

    [Fact]
    public void A_refusal_where_events_were_expected_is_shown_with_its_reason() =>
        Should.Throw<ShouldAssertException>(() => Careful.Given().When(new(1, 0)).Then(new Event(1, 0, [])))
            .Message.ShouldContain("nothing-paid");

    private sealed record Command(int Id, long Amount);

    private sealed record Event(int Id, long Amount, ImmutableArray<string> Notes);

    private sealed record Till(ImmutableHashSet<int> Seen, long Sum)
    {
        public Decision<Event> Decide(Command command) => command switch
        {
            _ when Seen.Contains(command.Id) => Decision<Event>.Accept(),
            { Amount: <= 0 } => Decision<Event>.Reject("nothing-paid", $"{command.Amount} was paid."),
            _ => Decision<Event>.Accept(new Event(command.Id, command.Amount, ["paid"])),
        };

        public Till Evolve(Event e) => new(Seen.Add(e.Id), Sum + e.Amount);
    }
}

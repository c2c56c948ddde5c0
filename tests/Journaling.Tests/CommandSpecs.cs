using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Journaling.Tests;

public abstract record OrderCommand
{
    public sealed record Place(Guid OrderId, Quantity Quantity, Price Price, ImmutableArray<string> Notes, DateTimeOffset At) : OrderCommand;

    public sealed record Cancel(Guid OrderId, DateTimeOffset ClosesAt, DateTimeOffset At) : OrderCommand;

    public sealed record Suspend(Guid OrderId, DateTimeOffset ClosesAt, DateTimeOffset At) : OrderCommand;
}

public sealed class CommandSpecs
{
    private static readonly Guid Order = new("0192f0c0-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly OrderCommand.Place Place = new(Order, Quantity.Of(5), Price.OfMinor(4500), ["one", "two"], Noon);

    [Fact]
    public void Content_is_everything_but_the_time_of_arrival()
    {
        var hash = Hash(Place);

        Hash(Place with { At = Noon.AddYears(1) }).ShouldBe(hash);
        Hash(Place with { Quantity = Quantity.Of(6) }).ShouldNotBe(hash);
        Hash(Place with { Price = Price.OfMinor(4501) }).ShouldNotBe(hash);
        Hash(Place with { Notes = ["two", "one"] }).ShouldNotBe(hash);
        Hash(Place with { Notes = ["one", "two"] }).ShouldBe(hash);
    }

    [Fact]
    public void Other_times_are_content_and_so_is_the_kind_of_command()
    {
        var cancel = new OrderCommand.Cancel(Order, Noon, Noon);

        Hash(cancel).ShouldNotBe(Hash(cancel with { ClosesAt = Noon.AddHours(1) }));
        Hash(cancel).ShouldNotBe(Hash(new OrderCommand.Suspend(Order, Noon, Noon)));
    }

    [Fact]
    public void The_hash_is_stored_with_the_events_and_must_stay_what_it_is() =>
        Hash(Place).ToString("x32").ShouldBe("71b4af53508f2c9d720b5a67b5acb50a");

    [Fact]
    public void A_window_knows_as_many_commands_as_it_holds_and_which_are_newer_than_a_version()
    {
        var window = new CommandWindow(3);
        var marks = Enumerable.Range(1, 5).Select(n => new CommandMark(Guid.CreateVersion7(), (UInt128)n)).ToArray();
        for (var n = 0; n < 5; n++)
            window.Add(new KnownCommand(marks[n], 1 + (n * 2), 2));

        window.TryGet(marks[1].Id, out _).ShouldBeFalse();
        window.TryGet(marks[2].Id, out var known).ShouldBeTrue();
        known.ShouldBe(new KnownCommand(marks[2], 5, 2));
        window.Forgotten.ShouldBe(4);
        window.After(0).Select(command => command.FirstVersion).ShouldBe([5, 7, 9]);
        window.After(6).Select(command => command.FirstVersion).ShouldBe([7, 9]);
        window.After(9).ShouldBeEmpty();
        CommandBytes.Read(CommandBytes.Write(window.After(0))).ShouldBe(window.After(0));
    }

    private static UInt128 Hash(OrderCommand command) => CommandContent<OrderCommand>.Hash(command);
}

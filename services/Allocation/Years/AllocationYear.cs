using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Kernel;
using static CarbonMarket.Allocation.Years.AllocationYearCommand;
using static CarbonMarket.Allocation.Years.AllocationYearEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Allocation.Years.AllocationYearEvent>;

namespace CarbonMarket.Allocation.Years;

public abstract record AllocationYearCommand(string Market, ComplianceYear Year, string Subject, DateTimeOffset At)
{
    /// <summary>The authority has published an industry's balance value (行业平衡值).</summary>
    /// <param name="Category">As the pack names it.</param>
    /// <param name="Document">Where it was published.</param>
    public sealed record PublishBalance(
        string Market, ComplianceYear Year, string Category, ActivityFigure Value, string Document, string Subject, DateTimeOffset At)
        : AllocationYearCommand(Market, Year, Subject, At);

    /// <summary>No more units of the instrument than this are allocated for the year (配额总量).</summary>
    public sealed record SetCap(string Market, ComplianceYear Year, string Instrument, Quantity Cap, string Document, string Subject, DateTimeOffset At)
        : AllocationYearCommand(Market, Year, Subject, At);

    /// <summary>A plan is approved and its units are issued.</summary>
    /// <param name="Returned">Taken back by the same plan.</param>
    /// <param name="After">The plan that was the year's last of this instrument when this one was computed; null: amounts were given, whichever it was.</param>
    public sealed record Draw(
        string Market, ComplianceYear Year, Guid PlanId, string Instrument, Quantity Issued, Quantity Returned, Guid? After, string Subject, DateTimeOffset At)
        : AllocationYearCommand(Market, Year, Subject, At);
}

// Stored for ever: change only by adding.
public abstract record AllocationYearEvent
{
    private AllocationYearEvent()
    {
    }

    public sealed record BalancePublished(
        string Market, ComplianceYear Year, string Category, ActivityFigure Value, string Document, string PublishedBy, DateTimeOffset At) : AllocationYearEvent;

    public sealed record YearCapped(string Market, ComplianceYear Year, string Instrument, Quantity Cap, string Document, string SetBy, DateTimeOffset At)
        : AllocationYearEvent;

    public sealed record CapDrawn(string Market, ComplianceYear Year, Guid PlanId, string Instrument, Quantity Issued, Quantity Returned, DateTimeOffset At)
        : AllocationYearEvent;
}

/// <param name="Value">As the authority has published it, with its unit.</param>
/// <param name="Document">Where it was published.</param>
/// <param name="EventId">The event it was published by: where traces point to.</param>
public sealed record BalanceValue(ActivityFigure Value, string Document, Guid EventId);

/// <summary>What has been issued of an instrument for the year, returns taken off, and by which plan last.</summary>
public sealed record Drawn(Quantity Net, Guid LastPlan);

/// <summary>
/// What holds for all of a year's allocation: balance values, the cap, and what was drawn of it. Every approval goes
/// through it, so two plans cannot both take the last units, nor both build on the same earlier figures.
/// </summary>
public sealed record AllocationYear(
    Guid Id, string Market, ComplianceYear Year, ImmutableSortedDictionary<string, BalanceValue> Balances, ImmutableSortedDictionary<string, Quantity> Caps,
    ImmutableSortedDictionary<string, Drawn> Draws)
{
    public static Guid StreamId(string market, int year) => DeterministicGuid.From($"allocation:year:{market}:{year}");

    public Quantity? CapOf(string instrument) => Caps.TryGetValue(instrument, out var cap) ? cap : null;

    public Quantity DrawnOf(string instrument) => Draws.GetValueOrDefault(instrument)?.Net ?? Quantity.Zero;

    /// <summary>Empty: no plan of the instrument has been approved for the year.</summary>
    public Guid LastPlanOf(string instrument) => Draws.GetValueOrDefault(instrument)?.LastPlan ?? Guid.Empty;

    public static Decision<AllocationYearEvent> Decide(AllocationYear? known, AllocationYearCommand command)
    {
        var year = known ?? Begin(command.Market, command.Year);
        return command switch
        {
            PublishBalance c when year.Balances.GetValueOrDefault(c.Category) is { } before && before.Value == c.Value && before.Document == c.Document => Accept(),
            PublishBalance c => Accept(new BalancePublished(c.Market, c.Year, c.Category, c.Value, c.Document, c.Subject, c.At)),
            SetCap c when year.CapOf(c.Instrument) == c.Cap => Accept(),
            SetCap c when c.Cap < year.DrawnOf(c.Instrument) =>
                Reject("cap-below-issued", $"{year.DrawnOf(c.Instrument)} units of {c.Instrument} have been issued for {c.Year}; the cap of {c.Cap} lies below."),
            SetCap c => Accept(new YearCapped(c.Market, c.Year, c.Instrument, c.Cap, c.Document, c.Subject, c.At)),
            Draw c when year.LastPlanOf(c.Instrument) == c.PlanId => Accept(),
            Draw { After: { } after } c when after != year.LastPlanOf(c.Instrument) => Reject("plan-outdated",
                $"Plan {year.LastPlanOf(c.Instrument)} was approved since this one was computed: compute it anew, under an id of its own."),
            Draw c when year.CapOf(c.Instrument) is { } cap && year.DrawnOf(c.Instrument) + c.Issued > cap + c.Returned => Reject("cap-exceeded",
                $"The cap of {c.Instrument} for {c.Year} is {cap}; {year.DrawnOf(c.Instrument)} units have been issued, and this plan issues {c.Issued}."),
            Draw c => Accept(new CapDrawn(c.Market, c.Year, c.PlanId, c.Instrument, c.Issued, c.Returned, c.At)),
            _ => throw new UnreachableException(command.ToString()),
        };
    }

    public static AllocationYear After(AllocationYear? known, AllocationYearEvent @event, Guid eventId) => @event switch
    {
        BalancePublished e => Or(known, e.Market, e.Year).With(e, eventId),
        YearCapped e => Or(known, e.Market, e.Year).With(e),
        CapDrawn e => Or(known, e.Market, e.Year).With(e),
        _ => throw new UnreachableException(@event.ToString()),
    };

    private AllocationYear With(BalancePublished e, Guid eventId) => this with { Balances = Balances.SetItem(e.Category, new BalanceValue(e.Value, e.Document, eventId)) };

    private AllocationYear With(YearCapped e) => this with { Caps = Caps.SetItem(e.Instrument, e.Cap) };

    private AllocationYear With(CapDrawn e) => this with { Draws = Draws.SetItem(e.Instrument, new Drawn(Net(DrawnOf(e.Instrument) + e.Issued, e.Returned), e.PlanId)) };

    private static Quantity Net(Quantity issued, Quantity returned) => issued > returned ? issued - returned : Quantity.Zero;

    private static AllocationYear Or(AllocationYear? known, string market, ComplianceYear year) => known ?? Begin(market, year);

    private static AllocationYear Begin(string market, ComplianceYear year) => new(
        StreamId(market, year.Value), market, year, ImmutableSortedDictionary<string, BalanceValue>.Empty, ImmutableSortedDictionary<string, Quantity>.Empty,
        ImmutableSortedDictionary<string, Drawn>.Empty);
}

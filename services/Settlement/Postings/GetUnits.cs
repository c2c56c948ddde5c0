using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Postings;

public static class GetUnits
{
    private const long MostTraced = 10_000_000;

    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Vintage">Year of the unit.</param>
    /// <param name="Serial">Its serial within instrument and vintage, from 1 (配额编号).</param>
    /// <param name="AsOf">The legal time asked for; null: none was.</param>
    /// <param name="KnownAt">The time of recording asked for; null: none was.</param>
    /// <param name="Holder">Who had it.</param>
    /// <param name="Since">The passage by which it came there.</param>
    /// <param name="Version">The journal's version that the two times come to.</param>
    public sealed record UnitAnswer(
        string Instrument, ComplianceYear Vintage, long Serial, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Version, PartyView Holder, PassageView Since);

    /// <param name="Version">Version of the ledger's journal with the fact that says so.</param>
    /// <param name="Line">Numbers the postings of one fact, from 1.</param>
    /// <param name="RecordedAt">System time at which the journal was written.</param>
    /// <param name="Type">The type of transaction, as the policy pack names it.</param>
    /// <param name="TransactionId">The transfer, trade, plan, ... by which they went.</param>
    /// <param name="Serials">Of the units asked for, those that went together.</param>
    /// <param name="At">Legal time.</param>
    /// <param name="From">The account that gave them; of what is issued, the authority's account for issuances.</param>
    /// <param name="To">The account that got them.</param>
    public sealed record PassageView(
        long Version, int Line, DateTimeOffset At, DateTimeOffset RecordedAt, string Type, Guid TransactionId, SerialRange Serials, PartyView From, PartyView To);

    public static void Map(RouteGroupBuilder units)
    {
        units.MapGet("/{instrument}/{vintage:int}/{serial:long}", One)
            .WithName("get-unit")
            .WithSummary("Who had one unit at a legal time, as it was known at another")
            .WithDescription(
                "A participant is told of units it had itself; regulator, operator and auditor of all. asOf: legal time, now unless said. knownAt: what was recorded "
                + "by then, all unless said. 404 unknown-unit: not issued by then, or not the caller's; 503 postings-behind: ask again.")
            .Produces<UnitAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        units.MapGet("/{instrument}/{vintage:int}/trace", Trace)
            .WithName("trace-units")
            .WithSummary("The way of units through all of their holders, from their issuance on (溯源)")
            .WithDescription(
                "first, last: serials, up to 10,000,000 of them. A participant is told of the passages it gave or got itself; regulator, operator and auditor of all. asOf, knownAt: up to that "
                + "legal time, as recorded by then. after: the next of an earlier page. limit: 1-500, 100 unless said. 503 postings-behind: ask again.")
            .Produces<Page<PassageView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="instrument">As the policy pack names it.</param>
    /// <param name="vintage">Year of the unit.</param>
    /// <param name="serial">Its serial within instrument and vintage, from 1.</param>
    internal static async Task<IResult> One(
        string market, string instrument, int vintage, long serial, HttpContext context, Asking asking, PostingHistory history,
        CancellationToken cancellationToken, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null)
    {
        var faults = Series(instrument, vintage);
        faults.RequireQuantity(serial, "serial");
        if (faults.Any)
            return faults.ToProblem();
        if (await asking.Through(market, asOf, knownAt, cancellationToken) is not { } through)
            return Asking.Behind(context);
        var found = await history.Owner(market, instrument, ComplianceYear.Of(vintage), serial, through, cancellationToken);
        if (found is null)
            return Unknown(instrument, vintage, serial);
        var parties = await asking.Parties(market, [found.FromAccountId, found.ToAccountId], cancellationToken);
        var holder = parties[found.ToAccountId];
        return context.User.SeesEverything() || (holder.ParticipantId == context.User.ParticipantId() && holder.ParticipantId != Guid.Empty)
            ? TypedResults.Ok(new UnitAnswer(
                instrument, ComplianceYear.Of(vintage), serial, asOf, knownAt, through, holder, View(found, parties)))
            : Unknown(instrument, vintage, serial);
    }

    /// <param name="instrument">As the policy pack names it.</param>
    /// <param name="vintage">Year of the units.</param>
    /// <param name="first">Serial of the first unit.</param>
    /// <param name="last">Serial of the last unit, itself included; up to 10,000,000 units at a time.</param>
    internal static async Task<IResult> Trace(
        string market, string instrument, int vintage, HttpContext context, Asking asking, PostingHistory history, CancellationToken cancellationToken,
        long? first = null, long? last = null, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null, string? after = null, int? limit = null)
    {
        var faults = Series(instrument, vintage);
        faults.RequireQuantity(first, "first");
        faults.RequireQuantity(last, "last");
        faults.Require(first is null || last is null || first <= last, "last", "out-of-range", $"The last serial ({last}) is not below the first ({first}).");
        faults.Require(first is null || last is null || last - first < MostTraced, "last", "out-of-range", $"Up to {MostTraced} units are traced at a time.");
        faults.Require(limit is null or (>= 1 and <= Paging.Most), "limit", "out-of-range", $"A page has 1-{Paging.Most} items.");
        faults.Require(PassageCursor.TryParse(after, out var seen), "after", "invalid-cursor", "The next of an earlier page.");
        if (faults.Any)
            return faults.ToProblem();
        if (await asking.Through(market, asOf, knownAt, cancellationToken) is not { } through)
            return Asking.Behind(context);
        Guid[] own = context.User.SeesEverything() ? [] : [.. await asking.AccountsOf(market, context.User.ParticipantId(), cancellationToken)];
        if (own is [] && !context.User.SeesEverything())
            return TypedResults.Ok(new Page<PassageView>([], null));
        var size = limit ?? Paging.Usual;
        var found = await history.Trace(
            market, instrument, ComplianceYear.Of(vintage), new SerialRange(first!.Value, last!.Value), seen, through, own, size + 1, cancellationToken);
        var page = found.Take(size).ToList();
        var parties = await asking.Parties(market, page.SelectMany(passage => (Guid[])[passage.FromAccountId, passage.ToAccountId]), cancellationToken);
        return TypedResults.Ok(new Page<PassageView>(
            [.. page.Select(passage => View(passage, parties))], found.Count > size ? PassageCursor.Of(page[^1]).ToString() : null));
    }

    private static PassageView View(UnitPassage passage, IReadOnlyDictionary<Guid, PartyView> parties) => new(
        passage.Version, passage.Line, passage.At, passage.RecordedAt, passage.Type, passage.TransactionId, passage.Serials,
        parties[passage.FromAccountId], parties[passage.ToAccountId]);

    private static Faults Series(string instrument, int vintage)
    {
        var faults = new Faults();
        faults.RequireName(instrument, "instrument");
        faults.RequireVintage(vintage, "vintage");
        return faults;
    }

    private static IResult Unknown(string instrument, int vintage, long serial) =>
        Problem.NotFound("unknown-unit", $"There was no unit {serial} of {instrument} {vintage} that you may see.");
}

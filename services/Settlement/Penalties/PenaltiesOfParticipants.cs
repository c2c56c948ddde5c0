using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Penalties;

public static class PenaltiesOfParticipants
{
    private const int LongestGround = 500;

    /// <param name="PriceMinor">Minor units of the currency for one unit.</param>
    /// <param name="Ground">Where it was published; up to 500 characters.</param>
    public sealed record NewPrice(long? PriceMinor = null, string? Ground = null);

    /// <param name="ParticipantId">Against whom.</param>
    /// <param name="Violation">surrender, or another that the parameters of the policy pack name.</param>
    /// <param name="Year">The compliance year not surrendered for.</param>
    /// <param name="ActOn">Legal day of any other act.</param>
    /// <param name="GainsMinor">Illegal gains, in minor units of the currency.</param>
    /// <param name="OfPerson">Against a person in charge.</param>
    /// <param name="Ground">The case; up to 500 characters.</param>
    public sealed record NewPenalty(
        Guid? ParticipantId = null, string? Violation = null, int? Year = null, DateOnly? ActOn = null, long? GainsMinor = null, bool OfPerson = false,
        string? Ground = null);

    /// <param name="Step">Number of the worksheet's step; 1 unless said.</param>
    /// <param name="AmountMinor">Within its range, in minor units of the currency.</param>
    /// <param name="Ground">Why it is so much; up to 500 characters.</param>
    public sealed record NewDecision(int Step = 1, long? AmountMinor = null, string? Ground = null);

    /// <param name="Month">yyyy-MM.</param>
    /// <param name="PriceMinor">Average price of a unit, in minor units of the currency.</param>
    public sealed record PriceView(string Month, Price PriceMinor);

    /// <param name="PenaltyId">Made by the official who assessed it; names the penalty.</param>
    /// <param name="ParticipantId">Against whom.</param>
    /// <param name="Year">The compliance year not surrendered for; null: it is for another violation.</param>
    /// <param name="Worksheet">How it was reckoned by the law of the day of the act.</param>
    /// <param name="Ground">The case.</param>
    /// <param name="AssessedBy">Subject of the token of the official who assessed it.</param>
    /// <param name="AssessedAt">Legal time.</param>
    /// <param name="Decisions">What another official has decided, by step; empty while nothing is.</param>
    public sealed record PenaltyView(
        Guid PenaltyId, Guid ParticipantId, ComplianceYear? Year, PenaltyWorksheet Worksheet, string Ground, string AssessedBy, DateTimeOffset AssessedAt,
        ImmutableArray<PenaltyDecision> Decisions)
    {
        public static PenaltyView Of(Penalty penalty) => new(penalty.PenaltyId, penalty.ParticipantId, penalty.Year, penalty.Worksheet, penalty.Ground,
            penalty.AssessedBy, penalty.AssessedAt, penalty.Decisions);
    }

    /// <param name="ParticipantId">The participant asked about.</param>
    /// <param name="Penalties">In the order of their assessment.</param>
    /// <param name="Past">Null: as it is now.</param>
    public sealed record PenaltiesView(Guid ParticipantId, ImmutableArray<PenaltyView> Penalties, PastMoment? Past = null)
    {
        public static PenaltiesView Of(LedgerState ledger, Guid participantId, PastMoment? past) =>
            new(participantId, [.. ledger.Penalties.Of(participantId).Select(PenaltyView.Of)], past);
    }

    public static void Map(RouteGroupBuilder market)
    {
        market.MapPut("/average-prices/{month}", Publish)
            .RequireAuthorization(Roles.Regulator)
            .WithTags("Penalties")
            .WithName("publish-average-price")
            .WithSummary("Say the market's average price of a month (yyyy-MM)")
            .WithDescription("It goes before what the settled trades of the month say.")
            .Produces<PriceView>()
            .Changes();
        market.MapPut("/penalties/{penaltyId:guid}", Assess)
            .RequireAuthorization(Roles.Regulator)
            .WithTags("Penalties")
            .WithName("assess-penalty")
            .WithSummary("Assess a penalty by the law in force on the day of the act, with its worksheet (行政处罚)")
            .WithDescription(
                "409 command-id-reused, id-reused; 422 in order of precedence: act-missing, year-not-assessed, nothing-outstanding, surrender-in-review "
                + "(submitted in time and not decided yet), average-price-unknown, no-penalty-in-force.")
            .Produces<PenaltyView>()
            .Changes();
        market.MapPost("/penalties/{penaltyId:guid}/decisions", Settle)
            .RequireAuthorization(Roles.Regulator)
            .WithTags("Penalties")
            .WithName("decide-penalty")
            .WithSummary("Decide a step of a penalty within its range, as another official")
            .WithDescription(
                "A later step is for what is still unpaid when it is decided, and its range as much narrower. 404 unknown-penalty; 422 "
                + "in order of precedence: already-decided, four-eyes, unknown-step, step-out-of-order, nothing-outstanding, penalty-out-of-range.")
            .Produces<PenaltyView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        market.MapGet("/participants/{participantId:guid}/penalties", Of)
            .WithTags("Penalties")
            .WithName("get-penalties")
            .WithSummary("Penalties assessed against a participant, with their worksheets and decisions")
            .WithDescription(
                "asOf: legal time, now unless said. knownAt: what was recorded by then, all unless said. 403 not-yours; 503 postings-behind: ask again.")
            .Produces<PenaltiesView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <param name="month">The calendar month: 2021-06.</param>
    internal static async Task<IResult> Publish(
        string market, string month, NewPrice asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var known = DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first);
        faults.Require(known, "month", "unknown-value", "A month, yyyy-MM.");
        faults.RequireAmount(asked.PriceMinor, "$.priceMinor");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        if (faults.Any)
            return faults.ToProblem();
        var price = Price.OfMinor(asked.PriceMinor!.Value);
        var ledger = ledgers[market];
        return await ledger.Answer(
            ledger.IdOfWord(DeterministicGuid.From($"{market}:average-price:{month}"), $"{price.MinorPerUnit}:{asked.Ground}"),
            new PublishAveragePrice(Month.Of(first), price, asked.Ground!, context.Person(), clock.GetUtcNow()),
            _ => new PriceView(month, price), context, cancellationToken);
    }

    /// <param name="penaltyId">Made by the caller; names the penalty.</param>
    internal static async Task<IResult> Assess(
        string market, Guid penaltyId, NewPenalty asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(penaltyId, "penaltyId");
        faults.RequireId(asked.ParticipantId, "$.participantId");
        faults.RequireName(asked.Violation, "$.violation");
        faults.RequireVintage(asked.Year, "$.year");
        if (asked.GainsMinor is not null)
            faults.RequireAmount(asked.GainsMinor, "$.gainsMinor");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        if (faults.Any)
            return faults.ToProblem();
        return await ledgers[market].Answer(context.CommandId(penaltyId), new AssessPenalty(
            penaltyId, asked.ParticipantId!.Value, asked.Violation!, asked.Year is { } year ? ComplianceYear.Of(year) : null, asked.ActOn,
            asked.GainsMinor is { } gains ? Money.OfMinor(gains) : null, asked.OfPerson, asked.Ground!, context.Person(), clock.GetUtcNow()),
            state => View(state, penaltyId), context, cancellationToken);
    }

    /// <param name="penaltyId">The penalty, as it was named when it was assessed.</param>
    internal static async Task<IResult> Settle(
        string market, Guid penaltyId, NewDecision asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireAmount(asked.AmountMinor, "$.amountMinor");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        if (faults.Any)
            return faults.ToProblem();
        var ledger = ledgers[market];
        // Asked before there is anything to decide, it must not stand refused for ever.
        if (!await ledger.Read(state => state.Penalties.All.ContainsKey(penaltyId), cancellationToken))
            return Problem.NotFound("unknown-penalty", $"There is no penalty {penaltyId} in {market}.");
        return await ledger.Answer(
            context.CommandId(ledger.IdOfWord(penaltyId, $"decision:{asked.Step}:{context.Actor().Subject}:{asked.AmountMinor}:{asked.Ground}")),
            new DecidePenalty(penaltyId, asked.Step, Money.OfMinor(asked.AmountMinor!.Value), asked.Ground!, context.Person(), clock.GetUtcNow()),
            state => View(state, penaltyId), context, cancellationToken);
    }

    /// <param name="participantId">The participant asked about.</param>
    internal static async Task<IResult> Of(
        string market, Guid participantId, HttpContext context, PastEntities entities, CancellationToken cancellationToken,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) => context.User.MaySee(participantId)
            ? await entities.Answer(
                market, participantId, asOf, knownAt, context, (ledger, _, past) => TypedResults.Ok(PenaltiesView.Of(ledger, participantId, past)), cancellationToken)
            : Problem.Forbidden("not-yours", "A participant sees its own penalties.");

    private static PenaltyView? View(LedgerState ledger, Guid penaltyId) =>
        ledger.Penalties.All.GetValueOrDefault(penaltyId) is { } penalty ? PenaltyView.Of(penalty) : null;
}

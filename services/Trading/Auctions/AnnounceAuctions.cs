using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Auctions;

public static class AnnounceAuctions
{
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units on sale or asked for; they, or the cash for them at the reserve price, are reserved at once.</param>
    /// <param name="ReservePriceMinor">Lowest price that may be bid, in a purchase the highest; minor units of the currency per unit.</param>
    /// <param name="OpensAt">Legal time from which bids are taken.</param>
    /// <param name="ClosesAt">Legal time at which no bid is taken any more; on a trading day and not after it ends.</param>
    /// <param name="SellerParticipantId">
    /// An official names whose units are sold; they were issued onto its trading account. Null: the caller's own participant
    /// sells or buys.
    /// </param>
    /// <param name="Direction">sale (the usual) or purchase.</param>
    /// <param name="Pricing">uniform (the usual): all winners at the marginal price; or pay-as-bid.</param>
    /// <param name="MinimumCoverBasisPoints">Quantity bid below which the auction is aborted, in 0.01 % of the quantity; null: none.</param>
    /// <param name="LargestShareBasisPoints">Most that one bidder may bid for, in 0.01 % of the quantity; null: no limit.</param>
    /// <param name="TieBreak">Among bids at the marginal price: time (the usual) or pro-rata.</param>
    public sealed record NewAuction(
        string? Instrument = null, long? Quantity = null, long? ReservePriceMinor = null, DateTimeOffset? OpensAt = null,
        DateTimeOffset? ClosesAt = null, Guid? SellerParticipantId = null, AuctionDirection Direction = AuctionDirection.Sale,
        AuctionPricing Pricing = AuctionPricing.Uniform, int? MinimumCoverBasisPoints = null, int? LargestShareBasisPoints = null,
        TieBreak TieBreak = TieBreak.Time);

    /// <summary>A hundred times the quantity on offer.</summary>
    private const int LargestCover = 100 * AuctionClearing.Whole;

    public static void Map(RouteGroupBuilder auctions) => auctions.MapPut("/{auctionId:guid}", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Emitter, Roles.Trader))
        .WithName("announce-auction")
        .WithSummary("Announce a single-direction auction (单向竞价): a sale or a purchase by sealed bids")
        .WithDescription(
            "The regulator sells in a seller's name; a participant sells or buys on its own behalf where the market's rules let it. "
            + "The caller makes the id; a repeat answers as the first time, 409 command-id-reused or id-reused if the id stands for another "
            + "auction. 403 seller-named: only the regulator names a seller; no-participant: the token names nobody to sell or buy for. "
            + "422, in order of precedence: unknown-instrument, auction-by-officials-only, killed, participant-suspended, instrument-suspended, "
            + "halted (of the caller's own), quantity-off-lot, price-off-tick, value-too-large, "
            + "share-below-lot, auction-times, auction-outside-trading-day, auction-notice-too-short, too-many-own-auctions, too-many-auctions, "
            + "position-limit (of a purchase), insufficient-cash (of a purchase), insufficient-units, same-day-resale, not-for-auction (the seller's): an official sells only "
            + "what was issued onto the seller's trading account.")
        .Produces<AuctionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="auctionId">Made by the caller; names the auction.</param>
    internal static async Task<IResult> Handle(
        string market, Guid auctionId, NewAuction asked, HttpContext context, Venues venues, FindAuctions auctions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var own = context.User.ParticipantId();
        if (asked.SellerParticipantId is not null && !context.User.IsInRole(Roles.Regulator))
            return Problem.Forbidden("seller-named", "Only the regulator names a seller; leave it out to sell or buy on your own behalf.");
        if (asked.SellerParticipantId is null && own == Guid.Empty)
            return Problem.Forbidden("no-participant", "No seller is named, and the token names no participant to sell or buy for.");
        if (Check(auctionId, asked) is { Any: true } faults)
            return faults.ToProblem();
        var (venue, at) = (venues[market], clock.GetUtcNow());
        var outcome = await venue.Execute(
            context.CommandId(auctionId), Command(auctionId, asked, own, at) with { Representative = context.Actor().Subject }, context.Provenance(), cancellationToken);
        var auction = await auctions.Find(venue, auctionId, FindAuctions.Reader(context), at, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(auction));
    }

    private static AnnounceAuction Command(Guid auctionId, NewAuction asked, Guid own, DateTimeOffset at)
    {
        var terms = new AuctionTerms(
            asked.Direction, asked.Pricing, asked.MinimumCoverBasisPoints, asked.LargestShareBasisPoints, asked.TieBreak);
        var buys = asked.Direction == AuctionDirection.Purchase;
        return new AnnounceAuction(
            auctionId, asked.Instrument!, Quantity.Of(asked.Quantity!.Value), Price.OfMinor(asked.ReservePriceMinor!.Value),
            asked.OpensAt!.Value.ToUniversalTime(), asked.ClosesAt!.Value.ToUniversalTime(), buys ? null : asked.SellerParticipantId ?? own, at)
        {
            BuyerParticipantId = buys ? own : null,
            Terms = terms == AuctionTerms.Usual ? null : terms,
            OnOwnBehalf = asked.SellerParticipantId is null,
        };
    }

    private static Faults Check(Guid auctionId, NewAuction asked)
    {
        var faults = new Faults();
        faults.RequireId(auctionId, "auctionId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequirePositive(asked.Quantity, "$.quantity");
        faults.RequirePositive(asked.ReservePriceMinor, "$.reservePriceMinor");
        faults.Require(asked.OpensAt is not null, "$.opensAt", "required", "ISO 8601 with offset.");
        faults.Require(asked.ClosesAt is not null, "$.closesAt", "required", "ISO 8601 with offset.");
        if (asked.SellerParticipantId is not null)
        {
            faults.RequireId(asked.SellerParticipantId, "$.sellerParticipantId");
            faults.Require(
                asked.Direction == AuctionDirection.Sale, "$.sellerParticipantId", "seller-of-purchase", "None: a purchase has many sellers.");
        }
        faults.Require(
            asked.MinimumCoverBasisPoints is null or (>= 1 and <= LargestCover), "$.minimumCoverBasisPoints", "out-of-range",
            $"From 1 to {LargestCover}, or none.");
        faults.Require(
            asked.LargestShareBasisPoints is null or (>= 1 and <= AuctionClearing.Whole), "$.largestShareBasisPoints", "out-of-range",
            $"From 1 to {AuctionClearing.Whole}, or none.");
        return faults;
    }
}

using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Auctions;

namespace CarbonMarket.Trading.Tests.RealData;

/// <summary>
/// The auctions of European allowances from January 2012 to January 2016 as their results were published, all at a uniform
/// price, against our report. Of 27 auctions, all before 12 June 2012, no more than price and volume was published. Published
/// prices and revenues are exact to the cent, cover ratios rounded to the hundredth; the only ratio that lies on a half,
/// 1,222,500 / 300,000 = 4.075, was rounded up.
/// </summary>
public sealed class EuaAuctionsSpecs
{
    [Fact]
    public void Of_886_auctions_859_were_published_with_their_bids()
    {
        var auctions = Auctions();
        auctions.Count.ShouldBe(886);
        var bare = auctions.Where(auction => auction.Bids is null).ToList();
        bare.Count.ShouldBe(27);
        bare.ShouldAllBe(auction => auction.Revenue == null && auction.Cover == null && auction.Bounds == null);
        bare.Max(auction => auction.Date).ShouldBe(new DateOnly(2012, 6, 5));
        auctions.Where(auction => auction.Bids is not null).ShouldAllBe(auction => auction.Revenue != null && auction.Cover != null && auction.Bounds != null);
    }

    [Fact]
    public void Every_revenue_is_price_times_volume_to_the_cent() =>
        Published().Where(auction => auction.Report.Revenue != auction.Revenue).ShouldBeEmpty();

    /// <summary>One ratio stands in the data as a float that was never rounded; to the hundredth it is ours.</summary>
    [Fact]
    public void Every_cover_ratio_is_the_quantity_bid_by_the_quantity_offered_to_the_hundredth()
    {
        var auctions = Published();
        auctions.Where(auction => auction.Report.CoverRatio != auction.Cover).Select(auction => (auction.Date, auction.Name, auction.Report.CoverRatio, auction.Cover))
            .ShouldBe([(new DateOnly(2013, 3, 26), "LT", 4.02m, 4.01999998092651m)]);
        auctions.ShouldContain(auction => auction.Bids == 1_222_500 && auction.Report.Offered == Quantity.Of(300_000) && auction.Report.CoverRatio == 4.08m);
    }

    [Fact]
    public void Every_price_lies_between_the_lowest_and_the_highest_bid() =>
        Published().Where(auction => !auction.Report.PriceIsWithinBounds).ShouldBeEmpty();

    private static List<Auction> Published() => [.. Auctions().Where(auction => auction.Bids is not null)];

    // The heading takes two lines, so it is known by its missing number.
    private static List<Auction> Auctions() =>
    [
        .. SharedData.Rows("eua-auctions/auctions_2012_2016.csv").Where(row => int.TryParse(row[0], CultureInfo.InvariantCulture, out _)).Select(row => new Auction(
            DateOnly.ParseExact(row[1][..10], "yyyy-MM-dd", CultureInfo.InvariantCulture), row[3], Price.OfMinor(Cents(row[5])!.Value),
            Cents(row[6]) is { } lowest && Cents(row[7]) is { } highest ? new BidBounds(Price.OfMinor(lowest), Price.OfMinor(highest)) : null,
            Quantity.Of(Whole(row[10])!.Value), Whole(row[11]), Number(row[12]), Cents(row[15]) is { } revenue ? Money.OfMinor(revenue) : null)),
    ];

    private static decimal? Number(string text) => text.Length == 0 ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static long? Whole(string text) => Number(text) is not { } number ? null
        : decimal.IsInteger(number) ? (long)number : throw new FormatException($"{text} is no whole number.");

    private static long? Cents(string text) => Number(text) is not { } euros ? null
        : decimal.IsInteger(euros * 100) ? (long)(euros * 100) : throw new FormatException($"{text} is no whole number of cents.");

    private sealed record Auction(
        DateOnly Date, string Name, Price Price, BidBounds? Bounds, Quantity Volume, long? Bids, decimal? Cover, Money? Revenue)
    {
        public AuctionReport Report => new(
            Volume, Volume, Price, AuctionReport.RevenueOf([new Award(default, default, Volume, Price)]), Bids ?? 0, Bounds);
    }
}

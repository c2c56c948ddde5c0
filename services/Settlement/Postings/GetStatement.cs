using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CarbonMarket.Settlement.Postings;

public static class GetStatement
{
    private const string Csv = "text/csv";

    /// <param name="Version">Version of the ledger's journal with the fact that says so.</param>
    /// <param name="Line">Numbers the postings of one fact.</param>
    /// <param name="Counter">The account on the other side.</param>
    /// <param name="Asset">An instrument, or cash.</param>
    /// <param name="In">Units, or minor units of the currency; zero when the account gave.</param>
    /// <param name="Out">Likewise; zero when it got.</param>
    /// <param name="Balance">Of the asset, all vintages, after it.</param>
    /// <param name="VintageBalance">Of the asset and vintage after it.</param>
    /// <param name="Serials">The units themselves.</param>
    /// <param name="At">Legal time. It counts from then, but never before what stands above it.</param>
    public sealed record EntryView(
        long Version, int Line, DateTimeOffset At, DateTimeOffset RecordedAt, string Type, Guid TransactionId, PartyView Counter, string Asset,
        ComplianceYear? Vintage, long In, long Out, long Balance, long VintageBalance, IReadOnlyList<SerialRange> Serials);

    /// <param name="FromVersion">The journal's version before the first entry.</param>
    /// <param name="ThroughVersion">The journal's version to which the statement goes.</param>
    /// <param name="Opening">What the account had before.</param>
    /// <param name="Closing">What it has at the end, whatever the page.</param>
    public sealed record StatementAnswer(
        Guid AccountId, string Number, Guid ParticipantId, DateTimeOffset? From, DateTimeOffset? To, long FromVersion, long ThroughVersion,
        IReadOnlyList<AssetBalance> Opening, IReadOnlyList<AssetBalance> Closing, IReadOnlyList<EntryView> Items, string? Next);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/{accountId:guid}/statement", Handle)
        .WithName("get-account-statement")
        .WithSummary("Statement of an account (账户流水): every movement, with the balance after it")
        .WithDescription(
            "For its holder, the regulator, the operator and the auditor. from, to: legal times, from inclusive, to exclusive; left out: all. knownAt: as it was "
            + "recorded by then. after: the next of an earlier page. limit: 1-500, 100 unless said. JSON, or CSV by Accept: text/csv or format=csv, where a "
            + "Link header names the next page. 404 unknown-account; 403 account-not-yours; 503 postings-behind: ask again.")
        .Produces<StatementAnswer>()
        .Produces<string>(StatusCodes.Status200OK, Csv)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    /// <param name="accountId">The account, as requests name it.</param>
    /// <param name="from">Legal time from which on entries count, inclusive; left out: from the beginning.</param>
    /// <param name="to">Legal time before which they count; left out: to the end.</param>
    /// <param name="format">json or csv; left out: as the header Accept says.</param>
    internal static async Task<IResult> Handle(
        string market, Guid accountId, HttpContext context, Asking asking, PostingHistory history, CancellationToken cancellationToken,
        DateTimeOffset? from = null, DateTimeOffset? to = null, DateTimeOffset? knownAt = null, string? after = null, int? limit = null, string? format = null)
    {
        var faults = Paging.Check(limit);
        faults.Require(PostingCursor.TryParse(after, out var seen), "after", "invalid-cursor", "The next of an earlier page.");
        faults.Require(from is null || to is null || from <= to, "to", "out-of-range", "A statement ends after it begins.");
        faults.Require(format is null or "csv" or "json", "format", "unknown-value", "csv or json.");
        if (faults.Any)
            return faults.ToProblem();
        if (await asking.Account(market, accountId, cancellationToken) is not { } account)
            return Problem.NotFound("unknown-account", $"There is no account {accountId} in {market}.");
        if (!context.User.MaySee(account.ParticipantId))
            return Problem.Forbidden("account-not-yours", "The account belongs to another participant.");
        if (await asking.Through(market, Before(to), knownAt, cancellationToken) is not { } through)
            return Asking.Behind(context);
        var opens = from is null ? 0 : Math.Min(through, await history.Through(market, Before(from), knownAt, cancellationToken));
        var size = limit ?? Paging.Usual;
        var start = seen.Version > opens ? seen : new PostingCursor(opens, int.MaxValue);
        var found = await history.Statement(market, accountId, start, through, size + 1, cancellationToken);
        var page = found.Take(size).ToList();
        var next = found.Count > size ? new PostingCursor(page[^1].Version, page[^1].Line).ToString() : null;
        var parties = await asking.Parties(market, page.Select(posting => posting.CounterAccountId), cancellationToken);
        var entries = page.Select(posting => View(posting, parties[posting.CounterAccountId])).ToList();
        if (format == "csv" || (format is null && context.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase))))
            return AsCsv(context, entries, next);
        return TypedResults.Ok(new StatementAnswer(
            account.AccountId, account.Number!, account.ParticipantId, from, to, opens, through,
            await history.Holdings(market, accountId, opens, cancellationToken), await history.Holdings(market, accountId, through, cancellationToken),
            entries, next));
    }

    /// <summary>The last moment before another that the store can tell from it; nothing was before 1970.</summary>
    private static DateTimeOffset? Before(DateTimeOffset? moment) =>
        moment <= DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : moment?.AddMicroseconds(-1);

    private static EntryView View(Posting posting, PartyView counter) => new(
        posting.Version, posting.Line, posting.At, posting.RecordedAt, posting.Type, posting.TransactionId, counter, posting.Asset, posting.Vintage,
        posting.In, posting.Out, posting.Balance, posting.VintageBalance, posting.Serials);

    private static ContentHttpResult AsCsv(HttpContext context, List<EntryView> entries, string? next)
    {
        if (next is not null)
        {
            var query = context.Request.Query.Where(part => part.Key != "after").Append(new("after", next));
            context.Response.Headers.Link = $"<{context.Request.Path}{QueryString.Create(query)}>; rel=\"next\"";
        }
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text))
        {
            csv.WriteRecord([
                "version", "line", "at", "recordedAt", "type", "transactionId", "counterAccountId", "counterNumber", "asset", "vintage", "in", "out",
                "balance", "vintageBalance", "serials",
            ]);
            foreach (var entry in entries)
                csv.WriteRecord([
                    Text(entry.Version), Text(entry.Line), entry.At.ToString("O"), entry.RecordedAt.ToString("O"), entry.Type, Text(entry.TransactionId),
                    Text(entry.Counter.AccountId), entry.Counter.Number ?? string.Empty, entry.Asset, Text(entry.Vintage), Text(entry.In), Text(entry.Out),
                    Text(entry.Balance), Text(entry.VintageBalance), string.Join(' ', entry.Serials.Select(range => $"{range.First}-{range.Last}")),
                ]);
        }
        return TypedResults.Text(text.ToString(), $"{Csv}; charset=utf-8");
    }

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}

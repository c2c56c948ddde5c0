using System.Globalization;
using System.Net;
using System.Text.Json;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Settlement.Banking;

/// <summary>A settlement bank that is asked over HTTP.</summary>
/// <param name="address">Of the market's accounts at the bank; ends with a slash.</param>
internal sealed class HttpSettlementBank(HttpClient http, Uri address) : ISettlementBank
{
    private const int EntriesPerPage = 500;
    private const int MostEntries = 100_000;
    private static readonly JsonSerializerOptions Json = Options();

    public async Task<bool> Pay(PaymentOrder order, CancellationToken cancellationToken)
    {
        using var answer = await http.PutAsJsonAsync(
            new Uri(address, $"payments/{order.OrderId}"), new { order.AccountNumber, AmountMinor = order.Amount }, Json, cancellationToken);
        if (IsRefusal(answer.StatusCode))
            return false;
        answer.EnsureSuccessStatusCode();
        return true;
    }

    public async Task<IReadOnlyList<BankNotice>> NoticesAfter(long number, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<List<BankNotice>>(
            new Uri(address, string.Create(CultureInfo.InvariantCulture, $"notices?after={number}")), Json, cancellationToken) ?? [];

    public async Task<IReadOnlyList<BankEntry>> StatementOf(DateOnly day, CancellationToken cancellationToken)
    {
        var entries = new List<BankEntry>();
        while (true)
        {
            var page = await http.GetFromJsonAsync<List<BankEntry>>(
                new Uri(address, string.Create(CultureInfo.InvariantCulture, $"statements/{day:O}?skip={entries.Count}&limit={EntriesPerPage}")), Json, cancellationToken) ?? [];
            entries.AddRange(page);
            if (page.Count < EntriesPerPage)
                return entries;
            if (entries.Count > MostEntries)
                throw new InvalidOperationException($"The bank's statement of {day:O} has more than {MostEntries} entries.");
        }
    }

    /// <summary>The order is at fault, not the moment or the key: whoever asks again hears the same.</summary>
    private static bool IsRefusal(HttpStatusCode status) =>
        (int)status is >= 400 and < 500
        && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.Json(options);
        // What the bank has written it will write again.
        options.Converters.Insert(0, new StorableText(replaces: true));
        options.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip;
        return options;
    }
}


namespace CarbonMarket.BankSimulator;

/// <summary>Legal time, as the owner of a sandbox's clock tells it; without one, the system's.</summary>
internal sealed class BankClock(Uri? source, HttpClient http)
{
    public async Task<DateTimeOffset> Now(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (source is null)
            return now;
        var reading = await http.GetFromJsonAsync<Reading>(new Uri(source, "/clock"), cancellationToken) ?? throw new HttpRequestException("The clock's owner answered nothing.");
        return reading.Version == 0 ? now : reading.Running ? reading.LegalTime + (now - reading.SetAt) : reading.LegalTime;
    }

    internal sealed record Reading(long Version, DateTimeOffset LegalTime, DateTimeOffset SetAt, bool Running);
}

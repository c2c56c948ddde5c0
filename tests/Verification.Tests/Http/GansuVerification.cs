using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Testing.Servers;
using CarbonMarket.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

/// <summary>An instance of the service whose legal time the test moves, in the market where the regulator appoints.</summary>
public sealed class GansuVerification : IAsyncLifetime
{
    public const string Gansu = "/verification/markets/gansu";
    private long _clock = 1;

    internal VerificationService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = new VerificationService(await RealServers.CreateDatabase("verification"), await RealServers.CreateVirtualHost());
        await Service.InitializeAsync();
        At("2026-04-01");
    }

    /// <summary>Noon of a legal day.</summary>
    public void At(string day)
    {
        var noon = DateTimeOffset.Parse($"{day}T12:00:00+08:00", System.Globalization.CultureInfo.InvariantCulture);
        Service.Services.GetRequiredService<MarketClock>().Follow(++_clock, noon, noon, running: false);
    }

    public HttpClient Official(string name) => TestCaller.Speak(Service.CreateClient(), "regulator", default, name);

    public HttpClient Verifier(Guid? bureau = null) => Service.As("verifier", bureau ?? Bureau);

    /// <summary>A participant on the list, with a report on the year before: a boiler of 700 t and a kiln of 300 t.</summary>
    public async Task<(Guid Mill, Guid Report)> Filed()
    {
        var (mill, report) = (await Service.Covered("gansu"), Guid.CreateVersion7());
        await Put(Service.As("emitter", mill), report, 300).Json();
        return (mill, report);
    }

    public static Task<HttpResponseMessage> Put(HttpClient emitter, Guid report, long kiln) => emitter.Put($"{Gansu}/reports/{report}", new
    {
        year = 2025, sources = new[] { new { name = "Boiler", tonnes = 700L }, new { name = "Kiln", tonnes = kiln } },
    });

    /// <summary>Outcome or code of one appointment.</summary>
    public async Task<string> Appoint(Guid mill, Guid? bureau = null, int year = 2025) => (await Official("Li").Post(
        $"{Gansu}/appointments/batch", new { participantId = mill, year, verifierParticipantId = bureau ?? Bureau }).Outcomes()).Single();

    public Task<HttpResponseMessage> State(Guid report, string conclusion, long tonnes) => Verifier().Post(
        $"{Gansu}/statements/batch", new { reportId = report, conclusion, verifiedTonnes = tonnes });

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();
}

/* McuConfig: the settings of `diemcau serve`, from the command line and an INI file. One table
 * (config.c) names them all, so that option and key are always the same word. Values given on the
 * command line win over the file, whatever the order. */
#pragma once

#include <glib.h>

typedef struct {
  char *data;              /* folder of everything kept */
  char *listen;            /* ADDR:PORT as given */
  char *listen_address;    /* ... and taken apart */
  guint16 listen_port;     /* 0: any free one */
  gboolean http;           /* plain HTTP, loopback only */
  char *certificate;       /* PEM; NULL: made at first start */
  char *key;               /* PEM */
  char *layouts;           /* folder of layouts besides those that come with it; NULL: none */
  char *web;               /* folder of the built pages; NULL: found beside the executable */
  char *agency;            /* NULL: not said */
  gboolean metrics_public; /* /metrics for others than loopback */
  char *media_address;     /* comma-separated as given; NULL: those of the machine */
  char **media_addresses;  /* ... taken apart; NULL when not given */
  char *media_ports;       /* MIN-MAX as given; NULL: any */
  guint16 port_min, port_max;
  gboolean full_ice;
  int net_threads;  /* 0: one per core */
  int video_kbps;   /* of the composed picture */
  int audio_kbps;   /* of each mixed sound */
  int site_kbps;    /* asked of each site's camera, at most */
  int content_kbps; /* likewise of what a site presents */
  int max_meetings, max_members, max_heard;
  int max_visible; /* sites in the programme */
  int max_mbps;    /* planned to be sent in all; 0: no limit */
  int lost_grace;  /* seconds */
  int demo;        /* simulated sites; 0: no demo meeting */
  char *config;    /* the file */
  gboolean verbose;
} McuConfig;

/* [any] All defaults. */
McuConfig *mcu_config_new(void);
void mcu_config_free(McuConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuConfig, mcu_config_free)

/* [any] Reads options from `*argv` (name of the program first), then the file they name, then checks
 * everything together. MCU_ERROR_CONFIG for the file and for values out of range, G_OPTION_ERROR
 * for wrong use of options. */
gboolean mcu_config_parse(McuConfig *config, char ***argv, GError **error);
/* [any] The text of `diemcau serve --help`; caller frees. */
char *mcu_config_help(void);

/* [any] "192.0.2.1:8443", "[2001:db8::1]:8443", "localhost:8443". `out_address` is freed by the caller. */
gboolean mcu_config_split_address(const char *text, char **out_address, guint16 *out_port, GError **error);
/* [any] TRUE for 127.0.0.0/8, ::1 and "localhost". */
gboolean mcu_config_is_loopback(const char *address);

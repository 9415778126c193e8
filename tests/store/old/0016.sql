BEGIN TRANSACTION;
CREATE TABLE addresses (
	unit VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	item INTEGER NOT NULL, 
	CONSTRAINT pk_addresses PRIMARY KEY (unit, url), 
	CONSTRAINT fk_addresses_unit FOREIGN KEY(unit) REFERENCES units ("key"), 
	CONSTRAINT fk_addresses_item FOREIGN KEY(item) REFERENCES items (id)
);
INSERT INTO "addresses" VALUES('so-noi-vu','http://snv.daknong.gov.vn/tin/1',1);
INSERT INTO "addresses" VALUES('so-noi-vu','http://snv.daknong.gov.vn/en/tin/1',1);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0016');
CREATE TABLE checks (
	id INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	started DATETIME NOT NULL, 
	url VARCHAR NOT NULL, 
	presence VARCHAR NOT NULL, 
	status INTEGER NOT NULL, 
	CONSTRAINT pk_checks PRIMARY KEY (id), 
	CONSTRAINT fk_checks_item FOREIGN KEY(item) REFERENCES items (id)
);
INSERT INTO "checks" VALUES(1,1,'2019-11-21 02:00:00.000000','http://snv.daknong.gov.vn/tin/1','gone',404);
CREATE TABLE closings (
	month VARCHAR NOT NULL, 
	made DATETIME NOT NULL, 
	"by" VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_closings PRIMARY KEY (month)
);
CREATE TABLE corrections (
	id INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	made DATETIME NOT NULL, 
	"by" VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	sets_category BOOLEAN NOT NULL, 
	category VARCHAR(30), 
	published VARCHAR, 
	text_key VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	machine_category VARCHAR(30), 
	machine_confidence DOUBLE NOT NULL, 
	machine_published VARCHAR, 
	CONSTRAINT pk_corrections PRIMARY KEY (id), 
	CONSTRAINT ck_corrections_kind_known CHECK (kind IN ('set', 'accept', 'withdraw')), 
	CONSTRAINT ck_corrections_category_is_set CHECK (sets_category OR category IS NULL), 
	CONSTRAINT fk_corrections_item FOREIGN KEY(item) REFERENCES items (id)
);
INSERT INTO "corrections" VALUES(1,1,'2019-11-19 02:00:00.000000','Lê An','kết quả của một phiên','set',1,'reception',NULL,'ea9fbc3d69a38d92:3b76b427c052f3d4','Lịch tiếp công dân tháng 11/2019','schedule',0.9,'2019-11-03T14:45:00+07:00');
CREATE TABLE editions (
	id INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	text_key VARCHAR NOT NULL, 
	reader INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	attachments JSON NOT NULL, 
	published VARCHAR, 
	modified VARCHAR, 
	"after" DATETIME, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (id), 
	CONSTRAINT uq_editions_item_text_key UNIQUE (item, text_key), 
	CONSTRAINT ck_editions_seen_in_order CHECK (first_seen <= last_seen), 
	CONSTRAINT fk_editions_item FOREIGN KEY(item) REFERENCES items (id)
);
INSERT INTO "editions" VALUES(1,1,'17f7254109b7abcf323412c7c8094c1cc280d05af7c7809b28123806c32fb393',1,'Lịch tiếp công dân tháng 11/2019','Giám đốc Sở tiếp công dân ngày 15/11/2019','[{"url": "http://snv.daknong.gov.vn/lich.pdf", "kind": "pdf", "text": true}]','2019-11-03T14:45:00+07:00',NULL,NULL,'2019-11-18 19:00:00.000000','2019-11-18 19:00:00.000000');
CREATE TABLE items (
	id INTEGER NOT NULL, 
	unit VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	title_key VARCHAR NOT NULL, 
	published VARCHAR, 
	published_day DATE, 
	published_from VARCHAR, 
	modified VARCHAR, 
	body VARCHAR NOT NULL, 
	opened BOOLEAN NOT NULL, 
	standing BOOLEAN NOT NULL, 
	commune VARCHAR, 
	attachments JSON NOT NULL, 
	category VARCHAR(30), 
	confidence DOUBLE NOT NULL, 
	why JSON NOT NULL, 
	classifier VARCHAR NOT NULL, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	first_observation INTEGER NOT NULL, 
	last_observation INTEGER NOT NULL, document VARCHAR DEFAULT '' NOT NULL, document_date VARCHAR, 
	CONSTRAINT pk_items PRIMARY KEY (id), 
	CONSTRAINT uq_items_unit_url UNIQUE (unit, url), 
	CONSTRAINT ck_items_published_has_day CHECK ((published IS NULL) = (published_day IS NULL)), 
	CONSTRAINT ck_items_seen_in_order CHECK (first_seen <= last_seen), 
	CONSTRAINT fk_items_unit FOREIGN KEY(unit) REFERENCES units ("key"), 
	CONSTRAINT fk_items_first_observation FOREIGN KEY(first_observation) REFERENCES observations (id), 
	CONSTRAINT fk_items_last_observation FOREIGN KEY(last_observation) REFERENCES observations (id)
);
INSERT INTO "items" VALUES(1,'so-noi-vu','http://snv.daknong.gov.vn/tin/1','Lịch tiếp công dân tháng 11/2019','lich tiep cong dan thang 11/2019','2019-11-03T14:45:00+07:00','2019-11-03','article: 03/11/2019 14:45',NULL,'Giám đốc Sở tiếp công dân ngày 15/11/2019',1,0,NULL,'[{"url": "http://snv.daknong.gov.vn/lich.pdf", "kind": "pdf", "text": true}]','schedule',0.9,'["title: Lịch tiếp công dân tháng 11/2019"]','test','2019-11-18 19:00:00.000000','2019-11-18 19:00:00.000000',1,1,'','2019-10-28');
CREATE TABLE observations (
	id INTEGER NOT NULL, 
	unit VARCHAR NOT NULL, 
	run INTEGER, 
	source VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	started DATETIME NOT NULL, 
	finished DATETIME NOT NULL, 
	first_day DATE NOT NULL, 
	outcome VARCHAR(30) NOT NULL, 
	cause VARCHAR(30), 
	detail VARCHAR NOT NULL, 
	section VARCHAR, 
	sections JSON NOT NULL, 
	listings JSON NOT NULL, 
	items INTEGER NOT NULL, 
	requests INTEGER NOT NULL, certificate VARCHAR, 
	CONSTRAINT pk_observations PRIMARY KEY (id), 
	CONSTRAINT uq_observations_digest UNIQUE (digest), 
	CONSTRAINT fk_observations_unit FOREIGN KEY(unit) REFERENCES units ("key"), 
	CONSTRAINT fk_observations_run FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "observations" VALUES(1,'so-noi-vu',NULL,'so-noi-vu.json','aacbd1182ec2182f3022dab6a285522eae43aa637b69932d992b63f0fd53bae1','2019-11-18 19:00:00.000000','2019-11-18 19:00:00.000000','2019-10-19','complete',NULL,'',NULL,'{"schedule": "http://snv.daknong.gov.vn/lich"}','[]',1,3,'tls_expired');
CREATE TABLE past_figures (
	period VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	count INTEGER NOT NULL, 
	note VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	imported DATETIME NOT NULL, 
	CONSTRAINT pk_past_figures PRIMARY KEY (period, scope, "key"), 
	CONSTRAINT ck_past_figures_count_is_none_or_more CHECK (count >= 0), 
	CONSTRAINT ck_past_figures_scope_known CHECK (scope IN ('unit', 'group', 'total'))
);
CREATE TABLE placements (
	id INTEGER NOT NULL, 
	item INTEGER NOT NULL, 
	url VARCHAR NOT NULL, 
	listing VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	category VARCHAR(30), 
	CONSTRAINT pk_placements PRIMARY KEY (id), 
	CONSTRAINT uq_placements_item_url_listing_label UNIQUE (item, url, listing, label), 
	CONSTRAINT fk_placements_item FOREIGN KEY(item) REFERENCES items (id)
);
INSERT INTO "placements" VALUES(1,1,'http://snv.daknong.gov.vn/tin/1','http://snv.daknong.gov.vn/lich','Lịch tiếp công dân','schedule');
CREATE TABLE received (
	id INTEGER NOT NULL, 
	unit VARCHAR NOT NULL, 
	month VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	number VARCHAR NOT NULL, 
	count INTEGER, 
	items JSON NOT NULL, 
	noted DATETIME NOT NULL, 
	CONSTRAINT pk_received PRIMARY KEY (id), 
	CONSTRAINT ck_received_count_is_none_or_more CHECK (count IS NULL OR count >= 0)
);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	month VARCHAR, 
	started DATETIME NOT NULL, 
	finished DATETIME, heartbeat DATETIME, outcome VARCHAR, detail VARCHAR, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
CREATE TABLE units (
	"key" VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	level VARCHAR(30) NOT NULL, 
	url VARCHAR NOT NULL, 
	CONSTRAINT pk_units PRIMARY KEY ("key")
);
INSERT INTO "units" VALUES('so-noi-vu','Sở Nội vụ','department','http://snv.daknong.gov.vn/');
CREATE INDEX ix_observations_run ON observations (run);
CREATE INDEX ix_observations_started ON observations (started);
CREATE INDEX ix_observations_unit_started ON observations (unit, started);
CREATE INDEX ix_items_published_day ON items (published_day);
CREATE INDEX ix_items_unit_published_day ON items (unit, published_day);
CREATE INDEX ix_addresses_item ON addresses (item);
CREATE INDEX ix_corrections_item ON corrections (item);
CREATE INDEX ix_items_classifier ON items (classifier);
CREATE INDEX ix_received_month_unit ON received (month, unit);
CREATE INDEX ix_checks_item ON checks (item);
COMMIT;
